using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Storage;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

/// <summary>Guards what a host has said: it is killed while it stores and runs tasks, and the next one finds all of it.</summary>
public sealed class TaskStoreKillTests : IDisposable
{
    private static readonly string Host = typeof(TaskStoreKillTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(
        a => a.Key == "TaskStoreHost").Value!;

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_HostWasKilledAgainAndAgain_EverythingItSaidIsThere()
    {
        var random = new Random(20260102);
        var (accepted, completed) = (new HashSet<string>(), new HashSet<string>());
        for (var round = 0; round < 5; round++)
        {
            // At a moment that the store knows nothing of: after so many lines, and they come in groups.
            var said = await RunUntilKilledAsync(random.Next(1, 3000));
            accepted.UnionWith(Of(said, "accepted"));
            completed.UnionWith(Of(said, "completed"));
            await CheckAsync(accepted, completed, [.. Of(said, "started")]);
        }
    }

    private static IEnumerable<string> Of(IEnumerable<string> lines, string what) =>
        lines.Where(line => line.StartsWith(what + " ", StringComparison.Ordinal)).Select(line => line[(what.Length + 1)..]);

    private async Task<IReadOnlyCollection<string>> RunUntilKilledAsync(int lines)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Host, _folder.Path]) { RedirectStandardOutput = true })!;
        var said = new ConcurrentQueue<string>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                said.Enqueue(line);
                if (said.Count == lines)
                {
                    enough.SetResult();
                }
            }
        });
        await Task.WhenAny(enough.Task, reading).Soon($"{said.Count} of {lines} lines were written");
        process.Kill();
        await reading.Soon("its output ended with it");
        await process.WaitForExitAsync();
        Assert.True(said.Count >= lines, $"It ended by itself after {said.Count} lines.");

        // A line that the kill cut off says nothing.
        return [.. said.Where(line => line.Split(' ') is [_, { Length: 32 }])];
    }

    private async Task CheckAsync(HashSet<string> accepted, HashSet<string> completed, List<string> started)
    {
        await using var store = TaskStores.Open(_folder.Path, TimeProvider.System, new RecordingLogger<SqliteTaskStore>());
        foreach (var text in accepted)
        {
            Assert.True(
                TaskId.TryParse(text, out var id) && await store.GetAsync(id, CancellationToken.None) is not null,
                $"Task {text} was accepted and is not there.");
        }

        foreach (var text in completed)
        {
            Assert.True(TaskId.TryParse(text, out var id));
            Assert.Equal(FunctionTaskStatus.Completed, (await store.GetAsync(id, CancellationToken.None))!.Summary.Status);
        }

        foreach (var text in started.Where(text => !completed.Contains(text)))
        {
            Assert.True(TaskId.TryParse(text, out var id));
            var task = (await store.GetAsync(id, CancellationToken.None))!;
            Assert.True(task.Summary.Status != FunctionTaskStatus.Running
                && task.Attempts is [{ Outcome: InvocationOutcome.WorkerLost or InvocationOutcome.Succeeded }, ..], task.Summary.ToString());
        }
    }
}
