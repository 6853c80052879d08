using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Tasks;

/// <summary>Hosts that are killed with tasks waiting and running. TASK_CRASH_ROUNDS says how often; 2 by default.</summary>
public sealed class TaskCrashTests
{
    private const int Running = 50;
    private const int Waiting = 1000;
    private const int Clients = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [SkippableFact]
    public async Task Kill_TasksWaitAndRun_EveryAcknowledgedOneEndsAndNoneRunsMoreOftenThanItsAttemptsSay()
    {
        UnixProcess.RequireLinux();
        var rounds = int.Parse(Environment.GetEnvironmentVariable("TASK_CRASH_ROUNDS") ?? "2", CultureInfo.InvariantCulture);
        using var root = new ContentRoot().With("faulty", "faulty");
        for (var round = 0; round < rounds; round++)
        {
            var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
            await using (var host = await HostProcess.StartAsync(root))
            {
                await host.WaitForStatusAsync("faulty", "running");
                var enqueuing = EnqueueAllAsync(host, round, acknowledged);
                await Task.Delay(Random.Shared.Next(100, 2000));
                UnixProcess.Signal(host.Pid, UnixProcess.SigKill);
                await host.WaitForExitAsync();
                await enqueuing;
            }

            await using var next = await HostProcess.StartAsync(root);
            await AssertAllEndAsync(next, root, acknowledged, round);
        }
    }

    private static Task EnqueueAllAsync(HostProcess host, int round, ConcurrentDictionary<string, string> acknowledged) => Parallel.ForAsync(
        0, Running + Waiting, new ParallelOptions { MaxDegreeOfParallelism = Clients },
        async (number, token) =>
        {
            try
            {
                var id = $"{round}-{number}";
                var answer = await host.InvokeAsync("faulty", "note", $$"""{"id":"{{id}}","milliseconds":{{(number < Running ? 1000 : 1)}}}""", "?mode=async", cancellationToken: token);
                Assert.Equal(HttpStatusCode.Accepted, answer.Status);
                acknowledged[id] = answer.Json.GetProperty("task_id").GetString()!;
            }
            catch (HttpRequestException)
            {
                // Not acknowledged.
            }
        });

    private static async Task AssertAllEndAsync(HostProcess host, ContentRoot root, ConcurrentDictionary<string, string> acknowledged, int round)
    {
        var tasks = new ConcurrentDictionary<string, JsonElement>(StringComparer.Ordinal);
        await Eventually.BecomesAsync(
            async () =>
            {
                await Parallel.ForEachAsync(
                    acknowledged.Where(task => !tasks.ContainsKey(task.Key)), new ParallelOptions { MaxDegreeOfParallelism = Clients },
                    async (task, token) =>
                    {
                        var found = (await Answer.OfAsync(await host.Client.GetAsync(new Uri($"/api/v1/tasks/{task.Value}", UriKind.Relative), token))).Ok.GetProperty("task");
                        if (found.GetProperty("status").GetString() is "completed" or "failed" or "cancelled")
                        {
                            tasks[task.Key] = found;
                        }
                    });
                return tasks.Count == acknowledged.Count;
            },
            Patience,
            () => Task.FromResult($"Round {round}: of {acknowledged.Count} acknowledged tasks {tasks.Count} have ended. {host.Output}"));

        var starts = (await File.ReadAllLinesAsync(root.Marker("faulty", "notes"))).CountBy(line => line).ToDictionary(line => line.Key, line => line.Value);
        foreach (var (id, task) in tasks)
        {
            var attempts = task.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()).ToArray();
            var state = $"Round {round}, {id}: {string.Join(", ", attempts)}, started {starts.GetValueOrDefault(id)} times.";
            Assert.True(task.GetProperty("status").GetString() == "completed", state);
            Assert.True(attempts.Length == task.GetProperty("attempt_count").GetInt32() && attempts.Length <= task.GetProperty("max_attempts").GetInt32(), state);
            Assert.True(starts.GetValueOrDefault(id) >= 1 && starts[id] <= attempts.Length, state);
            Assert.True(attempts.Count(outcome => outcome == "worker_lost") == attempts.Length - 1, state);
        }
    }
}
