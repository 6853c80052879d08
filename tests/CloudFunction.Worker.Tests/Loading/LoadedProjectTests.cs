using CloudFunction.Worker.Loading;

namespace CloudFunction.Worker.Tests.Loading;

public sealed class LoadedProjectTests
{
    private const string Function =
        "public class F : IFunction { public ValueTask<object?> InvokeAsync(JsonElement p, FunctionContext c, CancellationToken t) => default; }";

    private const string Services = """
        public class Plain : IHostedService
        {
            public Task StartAsync(CancellationToken t) { Seen.Events.Enqueue("plain start"); return Task.CompletedTask; }
            public Task StopAsync(CancellationToken t) { Seen.Events.Enqueue("plain stop"); return Task.CompletedTask; }
        }
        public class Full : IHostedLifecycleService
        {
            public Task StartingAsync(CancellationToken t) { Seen.Events.Enqueue("full starting"); return Task.CompletedTask; }
            public Task StartAsync(CancellationToken t) { Seen.Events.Enqueue("full start"); return Task.CompletedTask; }
            public Task StartedAsync(CancellationToken t) { Seen.Events.Enqueue("full started"); return Task.CompletedTask; }
            public Task StoppingAsync(CancellationToken t) { Seen.Events.Enqueue("full stopping"); return Task.CompletedTask; }
            public Task StopAsync(CancellationToken t) { Seen.Events.Enqueue("full stop"); return Task.CompletedTask; }
            public Task StoppedAsync(CancellationToken t) { Seen.Events.Enqueue("full stopped"); return Task.CompletedTask; }
        }
        public class Broken : IHostedService
        {
            public Task StartAsync(CancellationToken t) => throw new FormatException("No database.");
            public Task StopAsync(CancellationToken t) => throw new FormatException("Stuck.");
        }
        public class StopBroken : IHostedService
        {
            public Task StartAsync(CancellationToken t) => Task.CompletedTask;
            public Task StopAsync(CancellationToken t) => throw new FormatException("Stuck.");
        }
        public class Unmakeable : IHostedService
        {
            public Unmakeable() => throw new FormatException("No database.");
            public Task StartAsync(CancellationToken t) => Task.CompletedTask;
            public Task StopAsync(CancellationToken t) => Task.CompletedTask;
        }
        public class Dying : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken t) { await Task.Yield(); throw new FormatException("Died."); }
        }

        """;

    [Fact]
    public async Task StartAndStop_HostedServices_StartInOrderAndStopReversed()
    {
        await using var project = Load("s.AddHostedService<Plain>(); s.AddHostedService<Full>();");
        Assert.Empty(project.Events);

        await project.Loaded.StartAsync(default);
        Assert.Equal(["full starting", "plain start", "full start", "full started"], project.Events);
        project.Events.Clear();
        await project.Loaded.StopAsync(default);
        await project.Loaded.StopAsync(default);

        Assert.Equal(["full stopping", "full stop", "plain stop", "full stopped"], project.Events);
    }

    [Theory]
    [InlineData("Broken", "Broken could not be started: System.FormatException: No database.")]
    [InlineData("Unmakeable", "A hosted service could not be started: System.FormatException: No database.")]
    public async Task Start_ServiceThatFails_RefusesTheProject(string service, string problem)
    {
        await using var project = Load($"s.AddHostedService<Plain>(); s.AddHostedService<{service}>(); s.AddHostedService<Full>();");

        var refused = await Assert.ThrowsAsync<ProjectLoadException>(() => project.Loaded.StartAsync(default));

        Assert.Equal([problem], refused.Problems);
        await project.Loaded.StopAsync(default);
        Assert.DoesNotContain("full start", project.Events);
        Assert.Equal(service == "Broken", project.Events.Contains("plain stop"));
    }

    [Fact]
    public async Task Start_TokenHasFired_IsCancelled()
    {
        await using var project = Load("s.AddHostedService<Plain>();");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => project.Loaded.StartAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Stop_ServiceThatFails_IsLoggedAndTheOthersStop()
    {
        await using var project = Load("s.AddHostedService<Plain>(); s.AddHostedService<StopBroken>();");
        await project.Loaded.StartAsync(default);

        await project.Loaded.StopAsync(default);

        Assert.Contains("plain stop", project.Events);
        Assert.Equal("Stuck.", Assert.Single(project.Logs.Records).Exception?.Message);
    }

    [Fact]
    public async Task BackgroundService_Dies_IsLogged()
    {
        await using var project = Load("s.AddHostedService<Dying>();");

        await project.Loaded.StartAsync(default);

        Assert.True(SpinWait.SpinUntil(() => !project.Logs.Records.IsEmpty, TimeSpan.FromSeconds(30)), "No record within 30 s.");
        Assert.Equal(
            ("Died.", "Background service Dying has failed and runs no more"),
            project.Logs.Records.Select(r => (r.Exception!.Message, r.Message)).Single());
    }

    private static TestProject Load(string registrations) => TestProject.Load($$"""
        {{Function}}
        {{Services}}
        public class S : IFunctionStartup { public void ConfigureServices(IServiceCollection s, IConfiguration c) { {{registrations}} } }
        """);
}
