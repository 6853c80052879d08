using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

public sealed class PackageVersionTests
{
    [Theory]
    [InlineData("1.2", "1.2.0", 0)]
    [InlineData("1.2.0.0", "1.2", 0)]
    [InlineData("1.10", "1.9", 1)]
    [InlineData("2.0-rc.1", "2.0", -1)]
    [InlineData("2.0-rc.2", "2.0-rc.10", -1)]
    [InlineData("2.0-beta", "2.0-RC", -1)]
    [InlineData("2.0-rc", "2.0-rc.1", -1)]
    [InlineData("2.0-1", "2.0-a", -1)]
    [InlineData("1.0+build", "1.0", 0)]
    public void CompareTo_OrdersAsNuGetDoes(string left, string right, int expected)
    {
        var (a, b) = (PackageVersion.TryParse(left)!, PackageVersion.TryParse(right)!);

        Assert.Equal((expected, -expected), (Math.Sign(a.CompareTo(b)), Math.Sign(b.CompareTo(a))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1")]
    [InlineData("1.")]
    [InlineData("1.2.3.4.5")]
    [InlineData("99999999999")]
    [InlineData("9999999999")]
    [InlineData("1.0-")]
    public void TryParse_NoVersion_GivesNull(string text) => Assert.Null(PackageVersion.TryParse(text));

    [Fact]
    public void TryParse_AnyText_IsTakenOrRefusedAsByTheExpression()
    {
        var oracle = Hostile.Oracle(@"\A[0-9]{1,10}(\.[0-9]{1,10}){0,3}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z.-]+)?\z");
        Assert.All(
            Hostile.Texts(3, ["1", "0", "12", ".", "-", "+", "a", "Z", " ", "_", "1.2", "\0", "\u0661"]),
            text => Assert.True(oracle.IsMatch(text) == PackageVersion.TryParse(text) is not null, $"'{text}'"));
    }

    [Theory]
    [InlineData("1-", "a.")]
    [InlineData("1+", "a.")]
    [InlineData("", "1.")]
    [InlineData("1-", "-")]
    public void TryParse_LongText_GivesNullAndTakesNothing(string start, string piece)
    {
        var text = start + string.Concat(Enumerable.Repeat(piece, 1_000_000));
        PackageVersion.TryParse(text);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(PackageVersion.TryParse(text));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
