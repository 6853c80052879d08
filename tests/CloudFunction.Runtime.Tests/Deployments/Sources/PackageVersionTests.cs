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
}
