using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Workers;

/// <summary>What ended workers and builds leave open in the host. No collection runs meanwhile, so that no finalizer closes it.</summary>
public sealed class DescriptorTests
{
    private const int Restarts = 30;

    // So large a first generation is not filled by what the test does.
    private static readonly (string, string) NoCollection = ("DOTNET_GCgen0size", "0x40000000");

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task Restart_ManyTimes_DescriptorsAreBackAtOnce()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty").With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root, NoCollection);
        await using var load = new BackgroundLoad(host, "hello", 1);

        // Restarted and killed once, everything that is loaded on the way is loaded.
        await RestartAsync(host);
        await KillAsync(host);
        var before = await SettledAsync(host);
        for (var round = 0; round < Restarts; round++)
        {
            await (round % 5 == 0 ? KillAsync(host) : RestartAsync(host));
        }

        await Eventually.BecomesAsync(
            () => UnixProcess.OpenFiles(host.Pid) <= before + 4,
            Bound,
            () => $"{UnixProcess.OpenFiles(host.Pid)} descriptors are open after {Restarts} ends of workers, {before} before:\n{Describe(host.Pid)}");
        await load.AssertNoFailureAsync();
    }

    [SkippableFact]
    public async Task Build_ManyTimes_DescriptorsAreBackAtOnce()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot();
        Write(root, 0);
        await using var host = await HostProcess.StartAsync(root, NoCollection, ("WATCH_PROJECTS", "false"), ("TIMEOUT_NOTIFY", "120s"));
        await host.WaitForStatusAsync("source", "running", 180);
        await DeployAsync(host, root, 1);
        var before = await SettledAsync(host);

        for (var number = 2; number < 8; number++)
        {
            await DeployAsync(host, root, number);
        }

        await Eventually.BecomesAsync(
            () => UnixProcess.OpenFiles(host.Pid) <= before + 4,
            Bound,
            () => $"{UnixProcess.OpenFiles(host.Pid)} descriptors are open after six builds, {before} before:\n{Describe(host.Pid)}");
    }

    private static async Task RestartAsync(HostProcess host)
    {
        Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("faulty", "restart")).Status);
        await host.WorkerOfAsync("faulty");
    }

    private static async Task KillAsync(HostProcess host)
    {
        var worker = await host.WorkerOfAsync("faulty");
        UnixProcess.Signal(worker, UnixProcess.SigKill);
        await Eventually.BecomesAsync(
            async () => !(await host.WorkersAsync()).Contains(worker), Bound,
            () => Task.FromResult($"Worker {worker} is still listed. {host.Output}"));
        await host.WorkerOfAsync("faulty");
    }

    // Standby workers are made up again behind every end.
    private static async Task<int> SettledAsync(HostProcess host)
    {
        var (seen, times) = (0, 0);
        await Eventually.BecomesAsync(
            () =>
            {
                var now = UnixProcess.OpenFiles(host.Pid);
                (seen, times) = (now, now == seen ? times + 1 : 0);
                return times >= 50;
            },
            Bound,
            () => $"The number of descriptors does not settle: {seen}.");
        return seen;
    }

    private static async Task DeployAsync(HostProcess host, ContentRoot root, int number)
    {
        Write(root, number);
        using var answer = await host.Client.PostAsync(new Uri("/api/v1/projects/source/deploy", UriKind.Relative), null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static void Write(ContentRoot root, int number)
    {
        Directory.CreateDirectory(root.Folder("source"));
        File.WriteAllText(Path.Combine(root.Folder("source"), "Number.cs"), $$"""
            using System.Text.Json;
            using CloudFunction;

            public sealed class Number : IFunction
            {
                public ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken) =>
                    new({{number}});
            }
            """);
    }

    private static string Describe(int pid) => string.Join('\n', Directory.GetFiles($"/proc/{pid}/fd")
        .Select(file => new FileInfo(file).LinkTarget ?? "")
        .Select(target => target.Split(':')[0])
        .GroupBy(target => target)
        .OrderByDescending(group => group.Count())
        .Take(8)
        .Select(group => $"{group.Count()} {group.Key}"));
}
