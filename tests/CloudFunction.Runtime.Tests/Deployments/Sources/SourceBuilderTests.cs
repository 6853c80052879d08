using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Deployments.Sources;

/// <summary>With the SDK of this machine, the real compiler and real packages.</summary>
public sealed class SourceBuilderTests : IDisposable
{
    private const string Greet = """
        public sealed record Greeting(string Message);

        class Greet : IFunction<string, Greeting>
        {
            public ValueTask<Greeting> InvokeAsync(string name, FunctionContext context, CancellationToken cancellationToken) =>
                new(new Greeting($"Hello, {name}!"));
        }
        """;

    private readonly TemporaryDirectory _folder = new();

    private string Project => _folder.Combine("projects", "demo");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task BuildAsync_BareFile_NeedsNothingButTheClass()
    {
        _folder.Write("projects/demo/greet.cs", Greet);
        _folder.Write("projects/demo/data/words.txt", "hello");

        var output = await BuildAsync();

        Assert.Equal(
            ["data/words.txt", "demo.functions.deps.json", "demo.functions.dll", "demo.functions.pdb", "demo.functions.runtimeconfig.json"],
            Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(output, file).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.False(File.Exists(Path.Combine(Project, RequirementsLock.FileName)), "there is nothing to lock");
    }

    [Fact]
    public async Task BuildAsync_OnlySourcesChange_CallsTheCompilerAlone()
    {
        _folder.Write("projects/demo/greet.cs", Greet);
        var output = await BuildAsync();
        var configuration = Path.Combine(output, "demo.functions.runtimeconfig.json");
        File.AppendAllText(configuration, " "); // A whole build would write it anew.

        _folder.Write("projects/demo/greet.cs", Greet.Replace("Hello", "Goodbye", StringComparison.Ordinal));
        _folder.Write("projects/demo/more.cs", "class More;");
        await BuildAsync();

        Assert.EndsWith(" ", File.ReadAllText(configuration), StringComparison.Ordinal);
        var assembly = await File.ReadAllBytesAsync(Path.Combine(output, "demo.functions.dll"));
        Assert.True(assembly.AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes("Goodbye")) > 0, "the assembly is that of the new source");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BuildAsync_SyntaxError_IsToldWithItsPlace(bool isSecondBuild)
    {
        if (isSecondBuild)
        {
            _folder.Write("projects/demo/greet.cs", Greet);
            await BuildAsync();
        }

        _folder.Write("projects/demo/greet.cs", Greet.Replace("new(new", "new(nw", StringComparison.Ordinal));

        var exception = await Assert.ThrowsAsync<DeploymentException>(BuildAsync);

        Assert.Equal(DeploymentErrorCode.Invalid, exception.Code);
        Assert.StartsWith("The project does not compile.\ngreet.cs:6:16: CS", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_Requirements_AreRestoredAndLocked()
    {
        _folder.Write("projects/demo/greet.cs", "using Humanizer;\n" + Greet.Replace("{name}", "{name.Humanize()}", StringComparison.Ordinal));
        _folder.Write("projects/demo/requirements.txt", "Humanizer.Core>=2.14,<3\n");

        var output = await BuildAsync();

        Assert.True(File.Exists(Path.Combine(output, "Humanizer.dll")), "the package lies beside the functions");
        Assert.Contains("Humanizer.Core==2.14.1\n", await File.ReadAllTextAsync(Path.Combine(Project, RequirementsLock.FileName)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_UnknownPackage_NamesItsLine()
    {
        _folder.Write("projects/demo/greet.cs", Greet);
        _folder.Write("projects/demo/requirements.txt", "\nNo.Such.Package.Anywhere==1.0\n");

        var exception = await Assert.ThrowsAsync<DeploymentException>(BuildAsync);

        Assert.Equal(DeploymentErrorCode.DependencyError, exception.Code);
        Assert.StartsWith("Its packages cannot be restored.\nrequirements.txt:2: NU1101: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_Project_IsUntouchedByFilesAboveIt()
    {
        _folder.Write("Directory.Build.props", "<Project><PropertyGroup><TargetFramework>no-such</TargetFramework></PropertyGroup></Project>");
        _folder.Write("projects/demo/App.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
            </Project>
            """);
        _folder.Write("projects/demo/Greet.cs", "using CloudFunction;\npublic " + Greet[Greet.IndexOf("sealed record", StringComparison.Ordinal)..]);

        var output = await BuildAsync(SourceKind.Project);

        Assert.True(File.Exists(Path.Combine(output, "App.dll")) && File.Exists(Path.Combine(output, "App.deps.json")), "it is published");
    }

    [Fact]
    public async Task BuildAsync_NoSdk_SaysWhatToInstall()
    {
        _folder.Write("projects/demo/greet.cs", Greet);

        var exception = await Assert.ThrowsAsync<DeploymentException>(() => BuildAsync(SourceKind.Files, static () => null));

        Assert.Equal(DeploymentErrorCode.DependencyError, exception.Code);
        Assert.Contains("install the SDK", exception.Message, StringComparison.Ordinal);
    }

    private Task<string> BuildAsync() => BuildAsync(SourceKind.Files);

    private async Task<string> BuildAsync(SourceKind kind, Func<DotnetSdk?>? findSdk = null)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);
        var builder = new SourceBuilder(
            _folder.Combine("data"), _folder.Combine("root"), Path.Combine(WorkerExecutable.DefaultDirectory, "core"), Environment.Version, environment, findSdk ?? DotnetSdk.Find);
        var directory = builder.Open("demo");
        await SourceFolder.List(Project, isSource: true).CopyAsync(directory.RenewSource(), CancellationToken.None);
        return await builder.BuildAsync("demo", kind, Project, directory, CancellationToken.None);
    }
}
