using System.Diagnostics;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using SideBySide;

namespace TaskStore;

/// <summary>A store in a folder of its own, and what is measured on it.</summary>
internal sealed class MeasuredStore : IAsyncDisposable
{
    // As many as a small request and a small result have.
    private static readonly byte[] Body = new byte[200];

    private static readonly AttemptEnd Success = new(AttemptVerdict.Complete, InvocationOutcome.Succeeded) { Result = Body };

    private static readonly StoreOwner Owner = StoreOwner.New();

    private readonly string _folder;
    private SqliteTaskStore _store = null!;

    private MeasuredStore(string folder) => _folder = folder;

    /// <summary>How long it took to open, in milliseconds.</summary>
    public double OpenMilliseconds { get; private set; }

    /// <param name="finished">How many finished tasks it holds, one of a hundred of them failed.</param>
    public static MeasuredStore Open(int finished)
    {
        var measured = new MeasuredStore(Directory.CreateTempSubdirectory("cf-tasks-").FullName);
        if (finished > 0)
        {
            SeededStore.Fill(measured._folder, finished);
        }

        var began = Stopwatch.GetTimestamp();
        measured._store = new SqliteTaskStore(measured._folder, TimeProvider.System, NullLogger<SqliteTaskStore>.Instance);
        measured._store.Open();
        measured.OpenMilliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return measured;
    }

    /// <summary>Tasks accepted a second, by so many callers that each wait for one at a time.</summary>
    public async Task<double> AcceptAsync(int callers, int tasks)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < tasks / callers; i++)
            {
                await _store.EnqueueAsync(new NewTask("p1", "f1", Body, new TaskTerms { MaxAttempts = 3 }), CancellationToken.None);
            }
        })));
        return tasks / callers * callers / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Tasks a second from waiting to finished, by so many runners that do nothing between start and end.</summary>
    public async Task<double> FinishAsync(int runners, int tasks)
    {
        var finished = 0;
        TaskRoom[] rooms = [new("p1", "f1", Math.Min(16, runners))];
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Math.Max(1, runners / 16)).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref finished) < tasks && await _store.ClaimAsync(Owner, rooms, CancellationToken.None) is { Count: > 0 } claimed)
            {
                await Task.WhenAll(claimed.Select(RunAsync));
                Interlocked.Add(ref finished, claimed.Count);
            }
        })));
        return finished >= tasks
            ? finished / Stopwatch.GetElapsedTime(began).TotalSeconds
            : throw new MeasurementException($"Only {finished} of {tasks} tasks were there to run.");
    }

    /// <summary>The median of a page's time in microseconds.</summary>
    public async Task<double> ListAsync(TaskQuery query, int calls)
    {
        var times = new double[calls];
        for (var i = 0; i < calls; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var page = await _store.ListAsync(query, CancellationToken.None);
            times[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            if (page.Tasks.Count == 0)
            {
                throw new MeasurementException("A list that should have tasks is empty.");
            }
        }

        Array.Sort(times);
        return times[calls / 2];
    }

    /// <summary>Tasks a second that a sweep deletes.</summary>
    public async Task<double> SweepAsync(DateTimeOffset finishedBefore)
    {
        var began = Stopwatch.GetTimestamp();
        var deleted = await _store.SweepAsync(finishedBefore, CancellationToken.None);
        return deleted > 0
            ? deleted / Stopwatch.GetElapsedTime(began).TotalSeconds
            : throw new MeasurementException("A sweep that should delete deleted nothing.");
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync(FunctionTask task)
    {
        var id = task.Summary.Id;
        var attempt = await _store.StartAttemptAsync(id, Owner, "w1", null, CancellationToken.None);
        if (await _store.EndAttemptAsync(id, Owner, attempt!.Value, Success, CancellationToken.None) != FunctionTaskStatus.Completed)
        {
            throw new MeasurementException($"Task {id} did not complete.");
        }
    }
}
