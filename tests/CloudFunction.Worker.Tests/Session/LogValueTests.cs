using CloudFunction.Worker.Session;

namespace CloudFunction.Worker.Tests.Session;

public class LogValueTests
{
    public static TheoryData<object?, object?> Values => new()
    {
        { null, null },
        { "text", "text" },
        { (byte)7, 7L },
        { -7, -7L },
        { ulong.MaxValue, 18446744073709551615m },
        { 5ul, 5L },
        { 0.1f, 0.1 },
        { float.NaN, double.NaN },
        { 1e300, 1e300 },
        { 19.90m, 19.90m },
        { true, true },
        { 'c', "c" },
        { DayOfWeek.Friday, "Friday" },
        { new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero), "2025-01-02T03:04:05.0000000+00:00" },
        { Enumerable.Range(1, 3).ToArray(), "1, 2, 3" },
        { new List<string?> { "a", null }, "a, (null)" },
        { new Uri("https://example.org/a"), "https://example.org/a" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Of_AnyValue_KeepsItsKindOrBecomesText(object? value, object? expected) => Assert.Equal(expected, LogValue.Of(value));

    [Fact]
    public void Of_ValueWhoseTextThrows_SaysSo() =>
        Assert.Contains("bad text", Assert.IsType<string>(LogValue.Of(new Bad())), StringComparison.Ordinal);

    [Fact]
    public void TextOf_ExceptionWhoseTextThrows_SaysWhichItWas() =>
        Assert.Contains(nameof(BadException), LogValue.TextOf(new BadException()), StringComparison.Ordinal);

    private sealed class Bad
    {
        public override string ToString() => throw new InvalidOperationException("bad text");
    }

    private sealed class BadException : Exception
    {
        public override string ToString() => throw new InvalidOperationException("bad text");
    }
}
