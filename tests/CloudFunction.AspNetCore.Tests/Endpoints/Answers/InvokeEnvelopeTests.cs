using System.Buffers;
using System.Text;
using CloudFunction.AspNetCore.Endpoints.Answers;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Answers;

public sealed class InvokeEnvelopeTests
{
    [Theory]
    [InlineData(0, "0.000")]
    [InlineData(4_999, "0.000")]
    [InlineData(5_000, "0.001")]
    [InlineData(50_000, "0.005")]
    [InlineData(9_999_999, "1.000")]
    [InlineData(123_456_789, "12.346")]
    [InlineData(36_000_000_000_000, "3600000.000")]
    [InlineData(-1_000_000, "0.000")]
    public void Write_AnyExecutionTime_IsSecondsWithThreeDigits(long ticks, string seconds)
    {
        var output = new ArrayBufferWriter<byte>();
        var now = new DateTimeOffset(2026, 12, 31, 23, 59, 59, 7, TimeSpan.Zero);

        InvokeEnvelope.Write(output, "1"u8, TimeSpan.FromTicks(ticks), now);

        Assert.Equal(
            $$"""{"status":"success","result":1,"execution_time":"{{seconds}}s","timestamp":"2026-12-31T23:59:59.007Z"}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(output.WrittenCount, InvokeEnvelope.Length(1, TimeSpan.FromTicks(ticks)));
    }

    [Fact]
    public void Write_NextSecond_IsNotTheCachedOne()
    {
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var moment in new[] { time, time.AddMilliseconds(999), time.AddSeconds(1), time })
        {
            var text = new byte[UtcTimestamp.Length];
            UtcTimestamp.Write(moment, text);
            Assert.Equal(UtcTimestamp.ToText(moment), Encoding.ASCII.GetString(text));
        }
    }
}
