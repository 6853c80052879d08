using System.Collections.Concurrent;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Makes the runs of schedules: tasks, or calls of the host's own function.</summary>
/// <param name="store">Keeps a run with the state that follows from it.</param>
/// <param name="tasks">Makes tasks and finds them again.</param>
/// <param name="finished">Where tasks that finished long ago are deleted.</param>
/// <param name="time">Where the time comes from.</param>
/// <param name="logger">Where to log runs that could not be made, and what the host's own function did.</param>
internal sealed partial class ScheduleStarter(
    IScheduleStore store, TaskOperations tasks, ITaskStore finished, TimeProvider time, ILogger<ScheduleStarter> logger)
{
    private readonly ConcurrentDictionary<string, Task> _cleanups = new(StringComparer.Ordinal);

    /// <summary>Whether there is what a schedule is to run; null where there is. One that is stopped or disabled for now is there.</summary>
    public Rejection? Check(ScheduleTarget target) =>
        target.Project is { } project
        && tasks.TryMake(
            new TaskRequest(project, target.Function, target.Payload),
            out _) is { Reason: RejectionReason.ProjectNotFound or RejectionReason.FunctionNotFound or RejectionReason.HttpFunction } rejection
            ? rejection
            : null;

    /// <summary>Makes those runs that wait and may start, by the overlap policy, and stores what follows.</summary>
    /// <param name="entry">The schedule as it is known.</param>
    /// <param name="state">Its state once what is due is decided.</param>
    /// <param name="publish">Gets the schedule each time that it is stored.</param>
    /// <param name="stopping">Ends the wait for room in the store.</param>
    /// <returns>False where the store has another state of it than is known.</returns>
    public async Task<bool> TryStartDueAsync(ScheduleEntry entry, ScheduleState state, Action<ScheduleEntry> publish, CancellationToken stopping)
    {
        var definition = entry.Definition;
        while (ScheduleJudge.NextWaiting(definition, state) is { } due)
        {
            if (await IsRunningAsync(definition, state, stopping).ConfigureAwait(false))
            {
                state = await YieldAsync(definition, state, stopping).ConfigureAwait(false);
                break;
            }

            if (await TryStartAsync(entry, state with { WaitsAfter = due }, due, isManual: false, stopping).ConfigureAwait(false) is not { } started)
            {
                return false;
            }

            publish(entry = started);
            state = entry.State;
        }

        if (ScheduleJudge.NextWaiting(definition, state) is null && state.WaitsAfter is not null)
        {
            state = state with { WaitsAfter = null };
        }

        if (state != entry.State)
        {
            if (await TrySaveAsync(entry, state, stopping).ConfigureAwait(false) is not { } saved)
            {
                return false;
            }

            publish(saved);
        }

        return true;
    }

    /// <summary>Makes one run, and stores it with the state that follows.</summary>
    /// <returns>The schedule then; the first run of its state is this one. Null where the store has another state of it than is known.</returns>
    public async Task<ScheduleEntry?> TryStartAsync(
        ScheduleEntry entry, ScheduleState state, DateTimeOffset due, bool isManual, CancellationToken cancellationToken)
    {
        var (id, target) = (entry.Definition.Id, entry.Definition.Target);
        var run = new ScheduleRun(due, ScheduleRunOutcome.Started, null, null, isManual);
        if (target.Project is null)
        {
            var cleaned = await TrySaveAsync(entry, state.With(run), cancellationToken).ConfigureAwait(false);
            if (cleaned is not null)
            {
                _cleanups[id] = CleanUpAsync(id, target.Payload);
            }

            return cleaned;
        }

        if (tasks.TryMake(new TaskRequest(target.Project, target.Function, target.Payload) { Schedule = id }, out var task) is { } rejection)
        {
            var failed = state.With(run with { Outcome = ScheduleRunOutcome.Failed, Reason = rejection.Message });
            if (isManual)
            {
                return entry with { State = failed };
            }

            var stored = await TrySaveAsync(entry, failed, cancellationToken).ConfigureAwait(false);
            if (stored is not null && !HasJustFailedSo(entry.State, rejection.Message))
            {
                LogFailed(id, rejection.Message);
            }

            return stored;
        }

        var taskId = await store.ReserveTaskIdAsync(cancellationToken).ConfigureAwait(false);
        var started = state.With(run with { Task = taskId });
        var json = started.ToJson();
        return await store.TryStartScheduledAsync(id, entry.Stored, json, task! with { Id = taskId }, cancellationToken).ConfigureAwait(false)
            ? new ScheduleEntry(entry.Definition, started, json)
            : null;
    }

    /// <summary>Stores a state.</summary>
    /// <returns>The schedule then; null where the store has another state of it than is known.</returns>
    public async Task<ScheduleEntry?> TrySaveAsync(ScheduleEntry entry, ScheduleState state, CancellationToken cancellationToken)
    {
        var json = state.ToJson();
        return await store.TrySaveScheduleAsync(entry.Definition.Id, entry.Stored, json, cancellationToken).ConfigureAwait(false)
            ? new ScheduleEntry(entry.Definition, state, json)
            : null;
    }

    // What keeps a schedule from running may last for days, and is logged once.
    private static bool HasJustFailedSo(ScheduleState state, string reason) =>
        state.Runs is [{ Outcome: ScheduleRunOutcome.Failed } last, ..] && last.Reason == reason;

    private async Task<bool> IsRunningAsync(ScheduleDefinition definition, ScheduleState state, CancellationToken cancellationToken) =>
        definition.Target.Project is null
            ? _cleanups.TryGetValue(definition.Id, out var cleanup) && !cleanup.IsCompleted
            : state.LastTask is { } last
                && await tasks.FindAsync(last, cancellationToken).ConfigureAwait(false) is { } task
                && !task.Summary.Status.IsFinal();

    // The run before has not ended.
    private async Task<ScheduleState> YieldAsync(ScheduleDefinition definition, ScheduleState state, CancellationToken cancellationToken)
    {
        switch (definition.Overlap)
        {
            case OverlapPolicy.Queue:
                return state;
            case OverlapPolicy.Replace:
                if (state.LastTask is { } last)
                {
                    await tasks.CancelAsync(last, cancellationToken).ConfigureAwait(false);
                }

                return ScheduleJudge.KeepLast(definition, state);
            default:
                return ScheduleJudge.LeaveOut(definition, state, state.LastTask);
        }
    }

    private async Task CleanUpAsync(string schedule, ReadOnlyMemory<byte> arguments)
    {
        await Task.Yield(); // What is stored may be much; the scheduler goes on.
        try
        {
            ScheduleTarget.TryReadDays(arguments.Span, out var days); // They were checked where the schedule was read.
            LogCleanedUp(
                schedule, await finished.SweepAsync(time.GetUtcNow() - TimeSpan.FromDays(days), CancellationToken.None).ConfigureAwait(false));
        }
        catch (TaskStoreException error) when (error.Fault is TaskStoreFault.Closed)
        {
            // The host stops.
        }
        catch (Exception error)
        {
            LogCleanUpFailed(error, schedule);
        }
    }
}
