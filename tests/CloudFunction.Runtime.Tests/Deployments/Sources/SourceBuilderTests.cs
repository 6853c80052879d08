using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;

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

    // Says which process waits, and waits for ever.
    private const string StuckProject = """
        <Project Sdk="Microsoft.NET.Sdk" InitialTargets="Wait">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
          <Target Name="Wait"><Exec Command="echo $$ &gt; started; while true; do sleep 1; done" /></Target>
        </Project>
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120); // A busy machine's start of the SDK.

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
            Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(output, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal));
        Assert.False(File.Exists(Path.Combine(Project, RequirementsLock.FileName)), "there is nothing to lock");
    }

    [Fact]
    public async Task BuildAsync_OnlySourcesChange_CallsTheCompilerAloneAndWaitsForNoWholeBuild()
    {
        _folder.Write("projects/demo/greet.cs", Greet);
        var builder = Builder(DotnetSdk.Find, turns: 1);
        var output = await BuildAsync(builder, "demo", CancellationToken.None);
        await builder.Turns.WaitAsync(); // Another build has it.
        var configuration = Path.Combine(output, "../published/demo.functions.runtimeconfig.json");
        File.AppendAllText(configuration, " "); // A whole build would write it anew.

        _folder.Write("projects/demo/greet.cs", Greet.Replace("Hello", "Goodbye", StringComparison.Ordinal));
        _folder.Write("projects/demo/more.cs", "class More;");
        await BuildAsync(builder, "demo", CancellationToken.None).WaitAsync(Limit);

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
        Assert.Contains(
            "Humanizer.Core==2.14.1\n", await File.ReadAllTextAsync(Path.Combine(Project, RequirementsLock.FileName)), StringComparison.Ordinal);
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
        var builder = Builder(findSdk ?? DotnetSdk.Find);
        var directory = builder.Open("demo");
        await SourceFolder.List(Project, isSource: true).CopyAsync(directory.RenewSource(), CancellationToken.None);
        return await builder.BuildAsync("demo", kind, Project, directory, CancellationToken.None);
    }

    private SourceBuilder Builder(Func<DotnetSdk?> findSdk, int? turns = null)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string)e.Value!);
        var core = Path.Combine(WorkerFolder.Default, "core");
        return new SourceBuilder(_folder.Combine("data"), _folder.Combine("root"), core, Environment.Version, environment, findSdk)
        {
            Turns = new SemaphoreSlim(turns ?? Math.Max(1, Environment.ProcessorCount / 2)),
        };
    }

    // Of any other project than "demo": one whose build does not end.
    private async Task<string> BuildAsync(SourceBuilder builder, string project, CancellationToken cancellationToken)
    {
        if (project != "demo")
        {
            _folder.Write($"projects/{project}/Stuck.csproj", StuckProject);
        }

        var folder = _folder.Combine("projects", project);
        var directory = builder.Open(project);
        await SourceFolder.List(folder, isSource: true).CopyAsync(directory.RenewSource(), CancellationToken.None);
        return await builder.BuildAsync(project, project == "demo" ? SourceKind.Files : SourceKind.Project, folder, directory, cancellationToken);
    }

    /// <summary>The tools' turn is held by a tool that runs, and by nothing else: on a machine with two cores there is one.</summary>
    [SkippableFact]
    public async Task BuildAsync_CallerLeaves_EndsTheBuildWithAllThatItStartedAndGivesItsTurnBack()
    {
        Skip.If(OperatingSystem.IsWindows());
        var builder = Builder(DotnetSdk.Find);
        using var leaving = new CancellationTokenSource();
        var turns = Math.Max(1, Environment.ProcessorCount / 2);
        var stuck = Enumerable.Range(0, turns).Select(i => BuildAsync(builder, $"stuck{i}", leaving.Token)).ToList();
        var shells = new List<int>();
        for (var i = 0; i < stuck.Count; i++)
        {
            shells.Add(await TestProcess.WaitForIdAsync(_folder.Combine("data", "builds", $"stuck{i}", "source", "started"), stuck[i]));
        }

        // Another project's build waits for its turn, and its caller leaves too.
        using var impatient = new CancellationTokenSource();
        var waiting = BuildAsync(builder, "waiting", impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit));
        Assert.All(stuck, build => Assert.False(build.IsCompleted));

        await leaving.CancelAsync();
        foreach (var build in stuck)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build.WaitAsync(Limit));
        }

        Assert.All(shells, pid => Assert.False(TestProcess.IsRunning(pid), $"Process {pid} still runs."));
        _folder.Write("projects/demo/greet.cs", Greet);
        var output = await BuildAsync(builder, "demo", CancellationToken.None).WaitAsync(Limit);
        Assert.True(File.Exists(Path.Combine(output, "demo.functions.dll")), "The next build has its turn.");
    }

    [Fact]
    public async Task BuildAsync_OnlySourcesChangeAndThereAreNoSymbols_TakesTheAssembly()
    {
        const string property = "#:property DebugType=none\n";
        _folder.Write("projects/demo/greet.cs", property + Greet);
        await BuildAsync();

        _folder.Write("projects/demo/greet.cs", property + Greet.Replace("Hello", "Goodbye", StringComparison.Ordinal));
        var output = await BuildAsync();

        var assembly = await File.ReadAllBytesAsync(Path.Combine(output, "demo.functions.dll"));
        Assert.True(assembly.AsSpan().IndexOf(System.Text.Encoding.Unicode.GetBytes("Goodbye")) > 0, "the assembly is that of the new source");
    }

    [Fact]
    public async Task BuildAsync_ContentIsAFolderWhereTheBuildPutsAFile_IsRefusedWithBothNames()
    {
        _folder.Write("projects/demo/greet.cs", Greet);
        _folder.Write("projects/demo/demo.functions.dll/a.txt", "x");

        var exception = await Assert.ThrowsAsync<DeploymentException>(BuildAsync);

        Assert.Equal(
            "demo.functions.dll/a.txt cannot lie beside the functions: the build puts a file called demo.functions.dll there; call it "
            + "something else.",
            exception.Message);
    }

    // As where PROJECTS_DIR is mounted read-only.
    [Fact]
    public async Task BuildAsync_FolderCannotBeWritten_KeepsTheLockBesideItsBuilds()
    {
        _folder.Write("projects/demo/greet.cs", Greet);
        _folder.Write("projects/demo/requirements.txt", "Humanizer.Core>=2.14,<3\n");
        Directory.CreateDirectory(Path.Combine(Project, RequirementsLock.FileName + DurableFile.TemporarySuffix)); // No file can be made there.

        await BuildAsync();
        _folder.Write("projects/demo/more.cs", "class More;");
        await BuildAsync();

        Assert.False(File.Exists(Path.Combine(Project, RequirementsLock.FileName)), "nothing could be written");
        Assert.Contains(
            "Humanizer.Core==2.14.1\n",
            await File.ReadAllTextAsync(_folder.Combine("data", "builds", "demo", RequirementsLock.FileName)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task BuildAsync_DirectivesOrRequirementsAreWrong_NeedsNoTurn()
    {
        var builder = Builder(DotnetSdk.Find, turns: 0);
        _folder.Write("projects/demo/greet.cs", "#:package\n" + Greet);

        Assert.Contains("greet.cs:1:", await FailAsync(), StringComparison.Ordinal);

        _folder.Write("projects/demo/greet.cs", Greet);
        _folder.Write("projects/demo/requirements.txt", $"A{string.Concat(Enumerable.Repeat(">1 ", 40))}x");
        Assert.Contains("requirements.txt:1:", await FailAsync(), StringComparison.Ordinal);

        async Task<string> FailAsync() =>
            (await Assert.ThrowsAsync<DeploymentException>(() => BuildAsync(builder, "demo", CancellationToken.None).WaitAsync(Limit))).Message;
    }

    [Fact]
    public async Task BuildAsync_HugeFile_IsRefusedUnread()
    {
        var path = _folder.Write("projects/demo/greet.cs", "");
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength((16 << 20) + 1);
        }

        var exception = await Assert.ThrowsAsync<DeploymentException>(BuildAsync);

        Assert.Equal("greet.cs has 16777217 bytes; at most 16777216 are allowed in a C# file.", exception.Message);
    }

    [Theory]
    [InlineData("#:package A{0}@1\n", 500, "The project asks for 1500 packages; at most 1000 are allowed.")]
    [InlineData("#:package A@1\n", 6000, "lines that begin with '#:'; at most 10000 are allowed.")]
    public async Task BuildAsync_TooManyDirectivesInAllFiles_IsRefused(string line, int perFile, string message)
    {
        for (var file = 0; file < 3; file++)
        {
            var lines = Enumerable.Range(file * perFile, perFile).Select(i => line.Replace("{0}", $"{i}", StringComparison.Ordinal));
            _folder.Write($"projects/demo/f{file}.cs", string.Concat(lines));
        }

        Assert.EndsWith(message, (await Assert.ThrowsAsync<DeploymentException>(BuildAsync)).Message, StringComparison.Ordinal);
    }
}
