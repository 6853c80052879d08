using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

public sealed class HostFolderTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Change_VariablesAndSettings_WritesThemAndNamesTheSettings()
    {
        _root.Write(".env", "# ours\nA=1\nB=2\n");

        var settings = Make().Change(
            new Dictionary<string, string?> { ["A"] = null, ["C"] = "x y", ["MAX_QUEUE"] = "7" }, new CloudFunctionOptions());

        Assert.Equal(["MAX_QUEUE"], settings);
        Assert.StartsWith("# ours\n", File.ReadAllText(_root.Combine(".env")), StringComparison.Ordinal);
        var environment = Make().ReadBaseEnvironment(interpolates: false);
        Assert.Equal(("2", "x y"), (environment["B"], environment["C"]));
        Assert.Equal("/bin", environment["PATH"]);
        Assert.DoesNotContain("A", environment.Keys);
        Assert.DoesNotContain("MAX_QUEUE", environment.Keys);
    }

    [Fact]
    public void ReadBaseEnvironment_WithReferences_ReplacesThemByTheFilesAndTheHostsVariables()
    {
        _root.Write(".env", "BASE=/srv\nLOGS=${BASE}/logs:${PATH}\n");

        Assert.Equal("/srv/logs:/bin", Make().ReadBaseEnvironment(interpolates: true)["LOGS"]);
        Assert.Equal("${BASE}/logs:${PATH}", Make().ReadBaseEnvironment(interpolates: false)["LOGS"]);
    }

    [Fact]
    public void Change_WithReferencesReplaced_WritesValuesThatStayWhatTheyAre()
    {
        Make().Change(new Dictionary<string, string?> { ["A"] = "${PATH}" }, new CloudFunctionOptions { EnvInterpolate = true });

        Assert.Equal("${PATH}", Make().ReadBaseEnvironment(interpolates: true)["A"]);
    }

    [Fact]
    public void Change_SettingsThatAreNotAllowed_NamesAllOfThemAndWritesNothing()
    {
        var error = Assert.Throws<ProjectException>(() => Make().Change(
            new Dictionary<string, string?> { ["MAX_QUEUE"] = "many", ["CLOUDFUNCTION_WORKERS"] = "-1", ["A"] = "1" }, new CloudFunctionOptions()));

        Assert.Equal(ProjectErrorCode.EnvironmentError, error.Code);
        Assert.Contains("MAX_QUEUE: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("CLOUDFUNCTION_WORKERS: ", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_root.Combine(".env")), "Something was written.");
    }

    [Fact]
    public void ReadDependencies_CommonRequirements_ComeFirst()
    {
        _root.Write("requirements.txt", "Humanizer.Core==2.14.1\n");

        Assert.Equal("Humanizer.Core==2.14.1", Make().ReadDependencies()[0]);
    }

    private HostFolder Make() => new(_root.Path, new Dictionary<string, string> { ["PATH"] = "/bin" });
}
