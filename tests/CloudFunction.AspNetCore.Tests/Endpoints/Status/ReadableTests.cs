using CloudFunction.AspNetCore.Endpoints.Status;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Status;

public sealed class ReadableTests
{
    [Theory]
    [InlineData("00:00:00", "0s")]
    [InlineData("00:00:42", "42s")]
    [InlineData("00:05:12", "5m 12s")]
    [InlineData("02:30:59", "2h 30m")]
    [InlineData("3.04:59:00", "3d 4h")]
    public void Duration_AnyLength_IsItsTwoGreatestUnits(string time, string expected) =>
        Assert.Equal(expected, Readable.Duration(TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0, "0MB")]
    [InlineData(256L << 20, "256MB")]
    [InlineData((1L << 30) - 1, "1023MB")]
    [InlineData(3L << 29, "1.5GB")]
    public void Size_AnySize_IsMegabytesOrGigabytes(long bytes, string expected) => Assert.Equal(expected, Readable.Size(bytes));
}
