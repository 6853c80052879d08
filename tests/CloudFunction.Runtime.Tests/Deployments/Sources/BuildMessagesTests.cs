using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

public sealed class BuildMessagesTests
{
    private static readonly string Source = Path.Combine(Path.GetTempPath(), "builds", "demo", "source");

    [Fact]
    public void Describe_CompileErrors_AreToldFromTheProjectsFolderOnce()
    {
        var file = Path.Combine(Source, "sub", "hello.cs");
        var line = $"{file}(2,7): error CS0246: The type 'X' could not be found [{Path.Combine(Source, "demo.csproj")}]";

        var exception = Describe($"{line}\n  {line}\n", []);

        Assert.Equal(
            (DeploymentErrorCode.Invalid, "The project does not compile.\nsub/hello.cs:2:7: CS0246: The type 'X' could not be found"),
            (exception.Code, exception.Message));
    }

    [Fact]
    public void Describe_PackageIsNotFound_NamesTheLineThatAsksForIt()
    {
        var exception = Describe(
            "/somewhere/functions.csproj : error NU1101: Unable to find package Humanizer.Coree. No packages exist with this id in source(s): nuget.org",
            RequirementsFile.Parse("Humanizer\nHumanizer.Coree==1"));

        Assert.Equal(
            (DeploymentErrorCode.DependencyError, "Its packages cannot be restored.\nrequirements.txt:2: NU1101: Unable to find package Humanizer.Coree. No packages exist with this id in source(s): nuget.org"),
            (exception.Code, exception.Message));
    }

    [Fact]
    public void Describe_ManyErrors_AreShortened()
    {
        var errors = Enumerable.Range(1, 30).Select(n => $"{Path.Combine(Source, "a.cs")}({n},1): error CS1002: ; expected");

        var lines = Describe(string.Join('\n', errors), []).Message.Split('\n');

        Assert.Equal((22, "… and 10 more."), (lines.Length, lines[^1]));
    }

    [Fact]
    public void Describe_NothingThatIsKnown_ShowsTheLastLines() =>
        Assert.Equal("The build ended with code 7.\nwhat it said", Describe("what it said\n", [], 7).Message);

    private static DeploymentException Describe(string output, IReadOnlyList<PackageRequirement> packages, int exitCode = 1) =>
        BuildMessages.Describe(new SdkResult(exitCode, output, ""), Source, packages);
}
