using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;
using Xunit.Abstractions;

namespace CloudFunction.ProcessTests.Tasks;

/// <summary>Guards what 202 promises, on a host that is killed while it stores and runs tasks.</summary>
public sealed class TaskCrashTests(ITestOutputHelper output)
{
    private const int Tasks = 1000;
    private const int Places = 50;
    private const string HostEnded = "The host ended while this attempt ran.";

    private static readonly (string, string)[] Settings = [("MAX_CONCURRENT", $"{Places}")];

    // More rounds by hand: each meets another moment.
    private static int Rounds =>
        Environment.GetEnvironmentVariable("TASK_CRASH_ROUNDS") is { } rounds ? int.Parse(rounds, CultureInfo.InvariantCulture) : 3;

    [SkippableFact]
    public async Task Kill_WithTasksStoredQueuedAndRunning_EachOneEndsCompletedAndOnlyWhatRanIsRunAgain()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        var random = new Random(20261124);
        var host = await HostProcess.StartAsync(root, Settings);
        try
        {
            for (var round = 1; round <= Rounds; round++)
            {
                await host.WorkerOfAsync("faulty");
                var moment = (Acknowledged: random.Next(Tasks), Milliseconds: random.Next(500));
                var acknowledged = await EnqueueUntilKilledAsync(host, round, moment);
                await host.DisposeAsync();
                host = await HostProcess.StartAsync(root, Settings);
                await CheckAsync(root, host, round, moment, acknowledged);
            }
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Kill_BetweenStoringAndAnswering_TheNextCallWithTheKeyGetsTheTaskThatWasStored()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        var held = Path.Combine(root.Root, "held");
        const string payload = """{"id":"a","milliseconds":0}""";
        (string, string) key = ("Idempotency-Key", "a");
        await using (var host = await HostProcess.StartAsync(root))
        {
            await host.WorkerOfAsync("faulty");
            var lost = host.EnqueueAsync("note", payload, "&delay=1", key, ("X-Hold-Answer", held));
            await Eventually.BecomesAsync(() => File.Exists(held), TimeSpan.FromSeconds(15), () => $"No answer was made. {host.Output}");
            UnixProcess.Signal(host.Pid, UnixProcess.SigKill);
            await Assert.ThrowsAsync<HttpRequestException>(() => lost);
        }

        await using var next = await HostProcess.StartAsync(root);
        var stored = Assert.Single((await next.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Ok.GetProperty("tasks").EnumerateArray())
            .GetProperty("task_id")
            .GetString()!;
        Assert.Equal(stored, await next.EnqueueAsync("note", payload, "&delay=1", key));
        await next.WaitForTaskAsync(stored, "completed");
        Assert.Equal(stored, await next.EnqueueAsync("note", payload, "&delay=1", key));
        Assert.Single(WorkNote.Read(root), note => note.What == "start");
    }

    // One of twenty takes a while, so that they come to hold all places.
    private static string Payload(int round, int number) =>
        $$"""{"id":"{{round}}-{{number}}","milliseconds":{{(number % (Tasks / Places) == 0 ? 1000 : 0)}}}""";

    private static Task<string> EnqueueAsync(HostProcess host, int round, int number) =>
        host.EnqueueAsync("note", Payload(round, number), "", ("Idempotency-Key", $"{round}-{number}"));

    private static async Task<IReadOnlyDictionary<int, string>> EnqueueUntilKilledAsync(
        HostProcess host, int round, (int Acknowledged, int Milliseconds) moment)
    {
        var acknowledged = new ConcurrentDictionary<int, string>();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var enqueuing = Parallel.ForEachAsync(Enumerable.Range(0, Tasks), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            try
            {
                acknowledged[number] = await EnqueueAsync(host, round, number);
            }
            catch (HttpRequestException)
            {
                return; // It was killed before it answered: nothing was promised.
            }

            if (acknowledged.Count > moment.Acknowledged)
            {
                reached.TrySetResult();
            }
        });
        await Task.WhenAny(reached.Task, enqueuing).WaitAsync(TimeSpan.FromSeconds(60));
        await Task.Delay(moment.Milliseconds); // Not a wait for anything: the moment of the kill.
        UnixProcess.Signal(host.Pid, UnixProcess.SigKill);
        await enqueuing;
        await host.WaitForExitAsync();
        return acknowledged;
    }

    private async Task CheckAsync(
        ContentRoot root, HostProcess host, int round, (int Acknowledged, int Milliseconds) moment, IReadOnlyDictionary<int, string> acknowledged)
    {
        // Whoever had no answer asks again with the same key. Others may too.
        var ids = new ConcurrentDictionary<int, string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Tasks), new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (number, _) => ids[number] = await EnqueueAsync(host, round, number));
        Assert.All(acknowledged, task => Assert.Equal(task.Value, ids[task.Key]));
        Assert.Equal(Tasks, ids.Values.Distinct().Count());

        var tasks = new Dictionary<string, JsonElement>();
        foreach (var (number, id) in ids)
        {
            tasks[$"{round}-{number}"] = await host.WaitForTaskAsync(id, "completed", 60);
        }

        var notes = WorkNote.Read(root).Where(note => note.Id.StartsWith($"{round}-", StringComparison.Ordinal)).ToLookup(note => note.Id);
        foreach (var (id, task) in tasks)
        {
            // Each attempt but the last was cut by the kill, and none was made that the store does not know of.
            var attempts = task.GetProperty("attempts").EnumerateArray().ToList();
            var state = $"{task} {string.Join(", ", notes[id])}";
            Assert.True(task.GetProperty("attempt_count").GetInt32() == attempts.Count, state);
            Assert.True(attempts.SkipLast(1).All(attempt => attempt.GetProperty("error").GetProperty("message").GetString() == HostEnded), state);
            Assert.True(attempts[^1].GetProperty("outcome").GetString() == "succeeded", state);
            var started = notes[id].Where(note => note.What == "start").Select(note => note.Attempt).ToList();
            Assert.True(
                started.Distinct().Count() == started.Count && started.All(attempt => attempt <= attempts.Count) && started.Contains(attempts.Count),
                state);
        }

        var cut = tasks.Values.Sum(task => task.GetProperty("attempt_count").GetInt32() - 1);
        var again = notes.Count(work => work.Count(note => note.What == "start") > 1);
        var twice = notes.Count(work => work.Count(note => note.What == "end") > 1);
        output.WriteLine(
            $"Round {round}, killed {moment.Milliseconds} ms after {moment.Acknowledged} of {Tasks}: {acknowledged.Count} acknowledged, {cut} ran, "
            + $"{again} started again, {twice} ended twice");

        // A place is free a moment before the end of its attempt is stored: by then one more may have started there.
        Assert.True(again <= cut && cut <= 2 * Places, $"{again} were started again, and {cut} ran.");
    }
}
