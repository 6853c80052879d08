using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Workers;

/// <summary>Projects in the host's own process, for a debugger's sake: the same answers, logs, settings and deploys as from workers.</summary>
public sealed class InProcessTests
{
    private static readonly (string, string) NoIsolation = ("ISOLATION", "none");

    [Fact]
    public async Task Call_WithoutIsolation_RunsInTheHostsProcess()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root, NoIsolation);

        Assert.Equal(host.Pid, (await host.InvokeAsync("shop", "pid")).Result.GetInt32());

        Assert.Equal([host.Pid], await host.WorkersAsync()); // None on standby.
        Assert.Empty(root.RecordedWorkers);
        Assert.NotNull(host.Output.Find("nothing isolates them (ISOLATION=none)"));
    }

    [Fact]
    public async Task Configuration_OfTwoProjects_HasWhatEachWouldHaveInAProcessOfItsOwn()
    {
        const string Source = """
            [Function("settings")]
            public sealed class Settings : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
                    new($"{context.Configuration["Greeting:Text"]} {context.Configuration["SHARED"]} "
                        + $"{context.Configuration["ADMIN_KEY"] ?? "none"} {Environment.GetEnvironmentVariable("OWN_" + context.Project)}");
            }
            """;
        using var root = new ContentRoot();
        foreach (var (name, greeting) in new[] { ("one", "hello"), ("two", "hi") })
        {
            CompiledProject.Add(root, name, Source);
            File.WriteAllLines(Path.Combine(root.Folder(name), ".env"), [$"Greeting__Text={greeting}", $"OWN_{name}=of {name}"]);
        }

        await using var host = await HostProcess.StartAsync(root, NoIsolation, ("SHARED", "all"), ("ADMIN_KEY", "secret"));

        Assert.Equal("hello all none of one", (await host.InvokeAsync("one", "settings")).Result.GetString());
        Assert.Equal("hi all none of two", (await host.InvokeAsync("two", "settings")).Result.GetString());
    }

    [Fact]
    public async Task Deploy_OfANewVersion_IsServedByItsCodeAndEndsTheOldOnesServices()
    {
        using var root = new ContentRoot();
        CompiledProject.Add(root, "shop", Numbered(1));
        await using var host = await HostProcess.StartAsync(root, NoIsolation, ("WATCH_PROJECTS", "false"));
        Assert.Equal(1, (await host.InvokeAsync("shop", "number")).Result.GetInt32());

        CompiledProject.Add(root, "shop", Numbered(2));
        _ = (await host.DeployAsync("shop")).Ok;

        Assert.Equal(2, (await host.InvokeAsync("shop", "number")).Result.GetInt32());
        await root.WaitForMarkerAsync("shop", "1.stopped");
    }

    [Fact]
    public async Task Call_ThatIgnoresItsToken_TimesOutAndItsWorkerIsReplaced()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, NoIsolation, ("TIMEOUT_GRACEFUL_SHUTDOWN", "200ms"));

        (await host.InvokeAsync("faulty", "late", """{"id":"a","milliseconds":20000}""", "?timeout=0.2")).AssertError(
            HttpStatusCode.GatewayTimeout, "TIMEOUT_ERROR");

        await Eventually.BecomesAsync(() => host.Output.Find("is being replaced") is not null, TimeSpan.FromSeconds(15), host.Output.ToString);
        Assert.Equal("text", (await host.InvokeAsync("faulty", "echo", "\"text\"")).Result.GetString());
    }

    [Fact]
    public async Task Console_OfAFunction_IsTheHosts_AndItsRecordsAreItsProjects()
    {
        const string Source = """
            [Function("speak")]
            public sealed class Speak : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken)
                {
                    Console.WriteLine("to the console");
                    Microsoft.Extensions.Logging.LoggerExtensions.LogInformation(context.Logger, "to the log");
                    return default;
                }
            }
            """;
        using var root = new ContentRoot().WithLogging(null);
        CompiledProject.Add(root, "shop", Source);
        await using var host = await HostProcess.StartAsync(root, NoIsolation);

        await host.InvokeAsync("shop", "speak");

        await Eventually.BecomesAsync(
            () => root.Log("projects", "shop", "app.log").Contains("to the log", StringComparison.Ordinal), TimeSpan.FromSeconds(10),
            () => root.Log("projects", "shop", "app.log"));
        Assert.DoesNotContain("to the console", root.Log("projects", "shop", "app.log"), StringComparison.Ordinal);
        Assert.Contains("to the console", host.Output.Text.Split('\n'));
    }

    [Fact]
    public async Task Worker_ThatIsToWaitForADebugger_OutlivesEveryLimitAndIsNamed()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(
            root, ("WAIT_FOR_DEBUGGER", "true"), ("TIMEOUT_NOTIFY", "300ms"), ("WORKER_PING_TIMEOUT", "300ms"));
        await Eventually.BecomesAsync(() => host.Output.Find("waits for a debugger") is not null, TimeSpan.FromSeconds(15), host.Output.ToString);
        var line = host.Output.Text.Split('\n').Single(each => each.Contains("waits for a debugger", StringComparison.Ordinal));
        var worker = Assert.Single(await host.WorkersAsync(), pid => line.Contains($"attach one to process {pid}", StringComparison.Ordinal));

        // A call waits for its TIMEOUT_NOTIFY, which is longer than both limits of the worker, and then some.
        for (var i = 0; i < 4; i++)
        {
            (await host.InvokeAsync("shop", "pid")).AssertError(HttpStatusCode.ServiceUnavailable, "NOT_SERVING");
        }

        Assert.Contains(worker, await host.WorkersAsync());
        Assert.Equal("starting", (await host.ProjectAsync("shop")).GetProperty("status").GetString());
    }

    private static string Numbered(int number) => $$"""
        public sealed class Startup : IFunctionStartup
        {
            public void ConfigureServices(
                Microsoft.Extensions.DependencyInjection.IServiceCollection services,
                Microsoft.Extensions.Configuration.IConfiguration configuration) =>
                Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions
                    .AddSingleton<Microsoft.Extensions.Hosting.IHostedService, Ending>(services);
        }

        public sealed class Ending(FunctionProject project) : Microsoft.Extensions.Hosting.IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            public Task StopAsync(CancellationToken cancellationToken)
            {
                System.IO.File.WriteAllText(System.IO.Path.Combine(project.DataDirectory, "{{number}}.stopped"), "");
                return Task.CompletedTask;
            }
        }

        {{CompiledProject.Function("Number", "number", $"{number}")}}
        """;
}
