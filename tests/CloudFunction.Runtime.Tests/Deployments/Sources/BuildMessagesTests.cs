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
            "/somewhere/functions.csproj : error NU1101: Unable to find package Humanizer.Coree. No packages exist with this id in "
            + "source(s): nuget.org",
            RequirementsFile.Parse("Humanizer\nHumanizer.Coree==1"));

        Assert.Equal(
            (DeploymentErrorCode.DependencyError, "Its packages cannot be restored.\nrequirements.txt:2: NU1101: Unable to find package "
                + "Humanizer.Coree. No packages exist with this id in source(s): nuget.org"),
            (exception.Code, exception.Message));
    }

    [Fact]
    public void Describe_ReferencedProjectIsNotThere_NamesItAndNotWhatFollows()
    {
        var missing = $"{Source}/P.csproj : warning MSB9008: The referenced project ../Shared/Shared.csproj does not exist. [{Source}/P.csproj]";
        var exception = Describe($"{missing}\n{missing}\n{Source}/F.cs(1,7): error CS0246: The type 'X' could not be found", []);

        Assert.Equal(
            (DeploymentErrorCode.Invalid, "The project references projects that are not there.\n"
                + "../Shared/Shared.csproj does not exist: only what lies in the project's folder is built."),
            (exception.Code, exception.Message));
    }

    [Theory]
    [InlineData("warning")]
    [InlineData("error")]
    public void Describe_GoodBuildWithoutAReferencedProject_IsRefused(string level)
    {
        var exception = Describe($"{Source}/P.csproj : {level} MSB9008: The referenced project a b/C.csproj does not exist. [P.csproj]", [], 0);

        Assert.Contains("a b/C.csproj does not exist: only what lies", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_GoodBuild_IsNull() => Assert.Null(BuildMessages.Describe(
        new SdkResult(
            0,
            "F.cs(1,1): error CS0001: printed by a tool\nadditions.targets(3,5): warning CLOUDFUNCTION01: lib/X.dll",
            ""),
        Source, []));

    [Fact]
    public void Describe_AssemblyIsNotFound_NamesItBeforeWhatFollows() => Assert.Equal(
        "The project references assemblies that are not there.\nThe assembly ../lib/Lib.dll is not found: only what lies in the project's folder is "
        + "built.\n"
        + "F.cs:1:7: CS0246: The type 'Lib' could not be found",
        Describe(
            $"{Source}/additions.targets(9,5): warning CLOUDFUNCTION01: ../lib/Lib.dll [{Source}/P.csproj]\n"
            + $"{Source}/F.cs(1,7): error CS0246: The type 'Lib' could not be found [{Source}/P.csproj]",
            []).Message);

    [Theory]
    [InlineData("CSC : error CS2001: Source file '../A.cs' could not be found.", "only what lies in the project's folder is built.")]
    [InlineData("P.csproj(2,3): error MSB4019: The imported project \"/x.props\" was not found.", "only what lies in the project's folder is built.")]
    [InlineData("CSC : error CS1705: Assembly 'CloudFunction.Abstractions' uses 'System.Runtime'", "set TargetFramework to net10.0")]
    [InlineData("P.csproj : error NU1102:   - Found 4 version(s) in nuget.org [ Nearest version: 3.0.10 ]", "[ Nearest version: 3.0.10 ]")]
    [InlineData("P.csproj : error NU1015: The following PackageReference item(s) have no version: Dapper", "Directory.Packages.props")]
    public void Describe_KnownCode_AddsWhatHelps(string line, string expected) =>
        Assert.Contains(expected, Describe(line, []).Message, StringComparison.Ordinal);

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
        BuildMessages.Describe(new SdkResult(exitCode, output, ""), Source, packages)!;

    [Theory]
    [InlineData("Unable to find Humanizer.", true)]
    [InlineData("Unable to find humanizer", true)]
    [InlineData("Humanizer.Core and Humanizer", true)]
    [InlineData("Humanizer.Core", false)]
    [InlineData("My.Humanizer", false)]
    [InlineData("Humanizer-2", false)]
    [InlineData("Humanizers", false)]
    public void Describe_PackageInAMessage_IsNamedWhereItIsAWholeName(string message, bool isNamed) => Assert.Equal(
        $"Its packages cannot be restored.\n{(isNamed ? "requirements.txt:1: " : "")}NU1101: {message}",
        Describe($"error NU1101: {message}", RequirementsFile.Parse("Humanizer")).Message);

    [Fact]
    public void Describe_AnyMessage_NamesAPackageAsTheExpressionDid()
    {
        var oracle = Hostile.Oracle(@"(?<![\w.-])A\.B(?![\w-]|\.\w)", System.Text.RegularExpressions.RegexOptions.IgnoreCase);
        var packages = RequirementsFile.Parse("A.B");
        foreach (var text in Hostile.Texts(5, ["A", "B", "A.B", "a.b", ".", "-", "_", " ", ",", "1"], 5000))
        {
            var message = $"x {text}";
            var isNamed = Describe($"error NU1: {message}", packages).Message.Contains("requirements.txt:1", StringComparison.Ordinal);
            Assert.True(oracle.IsMatch(message) == isNamed, $"'{message}'");
        }
    }

    [Theory]
    [InlineData("(1,1")]
    [InlineData("(1,1): error ")]
    [InlineData(" : ")]
    [InlineData(": error A1 : ")]
    [InlineData(" [x")]
    [InlineData("error A1: [")]
    [InlineData("A.B.")]
    [InlineData("\n")]
    [InlineData("x\n")]
    [InlineData("error A1: x\n")]
    public async Task Describe_OutputOfRepetitions_IsReadAtOnce(string piece)
    {
        var packages = RequirementsFile.Parse(string.Join('\n', Enumerable.Range(0, 999).Select(i => $"P{i}").Prepend("A.B")));
        var output = "error A1: " + string.Concat(Enumerable.Repeat(piece, 2_000_000 / piece.Length));

        Assert.InRange((await Hostile.ReadAsync(() => Describe(output, packages))).Message.Length, 1, 100_000);
    }

    [Fact]
    public void Describe_ManyDifferentErrors_AreCountedUpToABound()
    {
        var lines = Describe(string.Join('\n', Enumerable.Range(0, 50_000).Select(n => $"a.cs({n},1): error CS1: x")), []).Message.Split('\n');

        Assert.Equal((22, "… and 980 more."), (lines.Length, lines[^1]));
    }
}
