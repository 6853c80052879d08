using System.Collections.Concurrent;
using System.Threading.Channels;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>
/// Runs tasks that are due: reserves places for them, claims them from the store, stores that an attempt starts, runs it, stores how it ended.
/// A task whose project is busy, starting, stopped or unhealthy stays in the store and uses up no attempt.
/// </summary>
internal sealed partial class TaskDispatcher : IDisposable
{
    // A claim brings payloads into memory, so it is no larger than what a few workers get through in a moment.
    private const int MaxPerClaim = 64;

    // Over all projects; what bounds one project is MAX_CONCURRENT.
    private const int MaxRunning = 1024;

    // What nobody reports is found by then: a function that was enabled again, a gate whose call went to somebody else.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TaskId, RunningTask> _running = new();
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ITaskStore _store;
    private readonly StoreOwner _owner;
    private readonly HostBodies _bodies;
    private readonly TimeProvider _time;
    private readonly ILogger<TaskDispatcher> _logger;
    private readonly PlaceTurns _turns;
    private readonly AttemptRunner _runner;
    private readonly StoreOutage _outage;
    private readonly CancellationTokenSource _idling = new();
    private TaskCompletionSource? _idle;
    private int _count;

    public TaskDispatcher(
        ITaskStore store, StoreOwner owner, ITaskRouter router, HostBodies bodies, TimeProvider time, ILogger<TaskDispatcher> logger)
    {
        _store = store;
        _owner = owner;
        _turns = new PlaceTurns(router, Wake);
        _bodies = bodies;
        _time = time;
        _logger = logger;
        _runner = new AttemptRunner(router, gone => LogPayloadGone(gone.Message));
        _outage = new StoreOutage(time, LogStoreFailed, LogStoreBack);
    }

    /// <summary>How many tasks this host runs an attempt at.</summary>
    public int Running => Volatile.Read(ref _count);

    /// <summary>Dispatches until it is cancelled; what runs then goes on. Does not throw.</summary>
    public Task RunAsync(CancellationToken stopping)
    {
        _ = WatchCancelsAsync(); // For as long as anything runs.
        return DispatchAsync(stopping);
    }

    /// <summary>Completes once nothing runs any more. To be called when <see cref="RunAsync"/> has ended.</summary>
    public async Task WhenIdleAsync()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _idle = idle;
        Interlocked.MemoryBarrier(); // Either the last one finds this, or this finds that it was the last.
        if (Running == 0)
        {
            idle.TrySetResult();
        }

        await idle.Task.ConfigureAwait(false);
        try
        {
            await _idling.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The host has not waited for it.
        }
    }

    /// <summary>Cuts what runs: its claims are lost, and others may run it.</summary>
    public void LoseClaims()
    {
        foreach (var (id, running) in _running)
        {
            End(id, running.Cut);
        }
    }

    public void Dispose()
    {
        _idling.Cancel();
        _idling.Dispose();
    }

    private async Task DispatchAsync(CancellationToken stopping)
    {
        var due = _store.WaitForDueAsync(stopping);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (due.IsCompleted)
                {
                    await due.ConfigureAwait(false);
                    due = _store.WaitForDueAsync(stopping);
                }

                if (await ClaimAsync(stopping).ConfigureAwait(false) == 0)
                {
                    await WaitAsync(due, stopping).ConfigureAwait(false);
                }

                _outage.Worked();
            }
            catch (TaskStoreException error)
            {
                await _outage.WaitAsync(error, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task WatchCancelsAsync()
    {
        try
        {
            while (true)
            {
                foreach (var id in await _outage.UntilDoneAsync(
                    token => _store.WaitForCancelsAsync(_owner, token), _idling.Token).ConfigureAwait(false))
                {
                    if (_running.TryGetValue(id, out var running))
                    {
                        End(id, running.Cancel);
                    }
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or TaskStoreException)
        {
            // Nothing runs any more, or the store is closed.
        }
    }

    private void End(TaskId id, Action end)
    {
        try
        {
            end();
        }
        catch (AggregateException error)
        {
            LogNotEnded(error, id); // Of what listens to the call's token; the others go on.
        }
    }

    private void Wake() => _wakes.Writer.TryWrite(true);

    private async Task<int> ClaimAsync(CancellationToken stopping)
    {
        var room = Math.Min(MaxPerClaim, MaxRunning - Running);
        if (room <= 0)
        {
            return 0;
        }

        using var places = _turns.Reserve(await _store.CountDueAsync(stopping).ConfigureAwait(false), room);
        if (places.Count == 0)
        {
            return 0;
        }

        var tasks = await _store.ClaimAsync(_owner, places.Rooms, stopping).ConfigureAwait(false);
        foreach (var task in tasks)
        {
            var route = places.Take(task.Summary.Project, task.Summary.Function);
            Interlocked.Increment(ref _count);
            _ = RunOneAsync(task, route);
        }

        return tasks.Count;
    }

    private async Task WaitAsync(Task due, CancellationToken stopping)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var woken = _wakes.Reader.WaitToReadAsync(waiting.Token).AsTask();
        var late = Task.Delay(PollInterval, _time, waiting.Token);
        await Task.WhenAny(due, woken, late).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        _wakes.Reader.TryRead(out _);
    }

    private async Task RunOneAsync(FunctionTask task, FunctionRoute? route)
    {
        var summary = task.Summary;
        using var running = new RunningTask();
        _running[summary.Id] = running;
        try
        {
            await AttemptAsync(task, route, running).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host stops and the store with it: the attempt counts as cut at the next start.
        }
        catch (Exception error)
        {
            // The edge of one task: the others go on, and this one runs again at the next start.
            LogUnexpected(error, summary.Id, summary.Project, summary.Function);
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(summary.Id, running)); // The next attempt may be there by now.
            if (Interlocked.Decrement(ref _count) == 0)
            {
                _idle?.TrySetResult();
            }

            Wake();
        }
    }

    private async Task AttemptAsync(FunctionTask task, FunctionRoute? route, RunningTask running)
    {
        var summary = task.Summary;
        var invocation = InvocationId.New();
        int? started;
        try
        {
            started = await _store.StartAttemptAsync(
                summary.Id, _owner, route?.Pool.Pick()?.Id, InvocationId.Format(invocation), CancellationToken.None).ConfigureAwait(false);
        }
        catch (TaskStoreException error)
        {
            route?.Exit();
            _outage.Failed(error);

            // However long that takes: else nobody would ever start it.
            await _outage.UntilDoneAsync(
                token => _store.ReleaseAsync(summary.Id, _owner, PollInterval, token), CancellationToken.None).ConfigureAwait(false);
            return;
        }

        if (started is not { } attempt)
        {
            route?.Exit();
            return; // Cancelled since it was claimed, or the claim was lost.
        }

        using var result = _bodies.Store.Open(_bodies.Results, summary.Project);
        var end = await RunAttemptAsync(task, route, invocation, attempt, result, running).ConfigureAwait(false);
        await EndAsync(summary, attempt, end).ConfigureAwait(false);
    }

    private async Task<AttemptEnd> RunAttemptAsync(
        FunctionTask task, FunctionRoute? route, UInt128 invocation, int attempt, BodyBuffer buffer, RunningTask running)
    {
        var summary = task.Summary;
        if (route is null)
        {
            return new AttemptEnd(AttemptVerdict.Fail, InvocationOutcome.NotFound)
            {
                Error = new InvocationError($"There is no function '{summary.Function}' in a project '{summary.Project}' any more."),
            };
        }

        if (summary.Terms.Deadline is { } deadline && _time.GetUtcNow() > deadline)
        {
            route.Exit();
            return new AttemptEnd(AttemptVerdict.Fail, InvocationOutcome.TimedOut)
            {
                Error = new InvocationError("Its deadline was over before it could start."),
            };
        }

        var (outcome, error, result) = await _runner.RunAsync(task, route, invocation, attempt, buffer, running.Token).ConfigureAwait(false);
        return AttemptJudge.Judge(outcome, error, attempt, running.IsCancelRequested) with { Result = result };
    }

    // What has ended is stored, however long that takes: else the task would run again though it need not.
    private async Task EndAsync(TaskSummary summary, int attempt, AttemptEnd end)
    {
        var status = await _outage
            .UntilDoneAsync(token => _store.EndAttemptAsync(summary.Id, _owner, attempt, end, token), CancellationToken.None).ConfigureAwait(false);
        Report(summary, attempt, end, status);
    }

    private void Report(TaskSummary summary, int attempt, AttemptEnd end, FunctionTaskStatus? status)
    {
        if (status == FunctionTaskStatus.Failed)
        {
            // What ended well and is not stored for want of room the store has turned into a failure.
            LogFailed(summary.Id, summary.Project, summary.Function, attempt, (end.Error ?? AnonymousRefusal.Of(end.Result.Length)).Message);
        }
        else if (status == FunctionTaskStatus.Retrying && end.Verdict == AttemptVerdict.Retry)
        {
            LogRetrying(attempt, summary.Id, summary.Project, summary.Function, Math.Round(end.Delay.TotalSeconds, 1), end.Error?.Message);
        }
    }
}
