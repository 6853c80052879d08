using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Hosting;

/// <summary>Projects of many kinds in the host's own process: each finds what it would find in a worker's.</summary>
public sealed class InProcessProjectTests : IAsyncDisposable
{
    private readonly TestRuntime _runtime = new() { Environment = { ["ISOLATION"] = "none" } };

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    [Fact]
    public async Task Start_NewerAssemblyThanTheRuntimesOwn_SaysThatItTakesAProcess()
    {
        var info = await _runtime.Deploy("NewerExtensions").StartAsync();

        Assert.Equal(ProjectStatus.Failed, info.Status);
        Assert.Contains("brings System.Diagnostics.DiagnosticSource.dll 11.0.0.0", info.LastError, StringComparison.Ordinal);
        Assert.Contains("set ISOLATION=process", info.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_AspNetCoreFramework_IsFound() =>
        Assert.Equal("/find?q=a%20b", (string?)(await _runtime.Deploy("WebFunctions").InvokeAsync("link"))["link"]);

    [Fact]
    public async Task Invoke_NativeDependency_IsFound() => Assert.Equal(42, (int)await _runtime.Deploy("NativeFunctions").InvokeAsync("query"));

    [Fact]
    public async Task Invoke_SatelliteAssemblies_AreFoundByCulture()
    {
        _runtime.Deploy("SurroundingFunctions");

        List<string?> texts = [];
        foreach (var culture in (string[])["en-GB", "de-AT", "zh-CN"])
        {
            texts.Add((string?)await _runtime.InvokeAsync("hello", culture));
        }

        Assert.Equal(["Hello", "Guten Tag", "你好"], texts);
    }

    [Fact]
    public async Task Invoke_TheProcess_StaysTheHosts()
    {
        var before = (AppContext.BaseDirectory, Environment.CurrentDirectory);
        var found = await _runtime.Deploy("SurroundingFunctions").InvokeAsync("whereabouts");

        Assert.Equal(before, ((string)found["baseDirectory"]!, (string)found["currentDirectory"]!));
    }

    [Fact]
    public async Task Dispose_OfTheHost_TakesTheProjectsVariablesAway()
    {
        const string Name = "IN_PROCESS_PROJECT_VARIABLE";
        await using (var runtime = new TestRuntime { Environment = { ["ISOLATION"] = "none" } })
        {
            runtime.Deploy("SurroundingFunctions").Write(".env", $"{Name}=of the project");
            Assert.Equal("of the project", (string?)(await runtime.InvokeAsync("variables", (string[])[Name]))["managed"]![Name]);
        }

        Assert.Null(Environment.GetEnvironmentVariable(Name));
    }
}
