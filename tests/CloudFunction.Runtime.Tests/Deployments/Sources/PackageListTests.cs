using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

public sealed class PackageListTests
{
    [Fact]
    public void Merge_ProjectNamesAPackageOfTheHosts_ItsOwnLineWins()
    {
        var merged = PackageList.Merge(
            RequirementsFile.Parse("A==1\nB==1"), RequirementsFile.Parse("a==2"), [new PackageRequirement("C", "C", "*", "hello.cs:1")]);

        Assert.Equal(["a [2]", "B [1]", "C *"], merged.Select(p => $"{p.Name} {p.Range}"));
    }

    [Theory]
    [InlineData("1.2")]
    [InlineData("*")]
    public void Merge_BothPlacesMeanTheSame_IsOnePackage(string range) =>
        Assert.Equal(
            "[1.2]",
            Assert.Single(PackageList.Merge([], RequirementsFile.Parse("A==1.2"), [new PackageRequirement("A", "A", range, "hello.cs:1")])).Range);

    [Fact]
    public void Merge_PlacesContradict_NamesBoth()
    {
        var exception = Assert.Throws<DeploymentException>(
            () => PackageList.Merge([], RequirementsFile.Parse("A>=1.2"), [new PackageRequirement("A", "A==1.1", "1.1", "hello.cs:4")]));

        Assert.Equal("hello.cs:4: A==1.1 contradicts A>=1.2 at requirements.txt:1; name its versions in one place.", exception.Message);
    }
}
