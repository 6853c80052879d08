using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

public sealed class PackageRangeTests
{
    [Theory]
    [InlineData("Name", "0.1-beta", true)]
    [InlineData("Name==1.2", "1.2.0", true)]
    [InlineData("Name==1.2", "1.2.1", false)]
    [InlineData("Name==1.2.*", "1.2.9", true)]
    [InlineData("Name==1.2.*", "1.3.0-beta", false)]
    [InlineData("Name==1.2.*", "1.1.9", false)]
    [InlineData("Name==1.*", "1.99", true)]
    [InlineData("Name==1.*", "2.0", false)]
    [InlineData("Name~=1.4.2", "1.4.9", true)]
    [InlineData("Name~=1.4.2", "1.5.0", false)]
    [InlineData("Name>=1.2", "1.2", true)]
    [InlineData("Name>=1.2", "1.1.9", false)]
    [InlineData("Name>1.2", "1.2", false)]
    [InlineData("Name>1.2", "1.2.1", true)]
    [InlineData("Name<2", "1.9", true)]
    [InlineData("Name<2", "2.0", false)]
    [InlineData("Name<=2", "2.0", true)]
    [InlineData("Name>=1.2,<2", "1.5", true)]
    [InlineData("Name>=1.2,<2", "2.1", false)]
    public void Contains_RangeOfALine_TellsWhetherTheVersionWillDo(string line, string version, bool expected)
    {
        var range = PackageRange.Parse(RequirementsFile.Parse(line)[0].Range);

        Assert.Equal(expected, range.Contains(PackageVersion.TryParse(version)!));
    }

    [Theory]
    [InlineData("1.2", "1.3", true)] // as a directive names it
    [InlineData("1.2", "1.1", false)]
    [InlineData("[1.2]", "1.2", true)]
    public void Contains_RangeOfADirective_TellsWhetherTheVersionWillDo(string range, string version, bool expected) =>
        Assert.Equal(expected, PackageRange.Parse(range).Contains(PackageVersion.TryParse(version)!));

    [Fact]
    public void IsReachedBy_VersionBeyondTheUpperBound_IsTrue() =>
        Assert.True(PackageRange.Parse("[1.0, 2.0)").IsReachedBy(PackageVersion.TryParse("3.0")!));
}
