using System.Collections.Concurrent;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Makes the runs of schedules: tasks, or calls of the host's own function.</summary>
/// <param name="store">Keeps a run with the state that follows from it.</param>
/// <param name="tasks">Makes tasks, and tells how they stand.</param>
/// <param name="finished">Where tasks that finished long ago are deleted.</param>
/// <param name="time">Where the time comes from.</param>
/// <param name="logger">Hears of runs that could not be made, and of what the host's own function did.</param>
internal sealed partial class ScheduleStarter(
    IScheduleStore store, TaskOperations tasks, ITaskStore finished, TimeProvider time, ILogger<ScheduleStarter> logger)
{
    private readonly ConcurrentDictionary<string, Task> _cleanups = new(StringComparer.Ordinal);

    /// <summary>Whether there is what a schedule is to run; null where there is. One that is stopped or disabled for now is there.</summary>
    public Rejection? Check(ScheduleTarget target) =>
        target.Project is { } project
        && tasks.TryMake(new TaskRequest(project, target.Function, target.Payload), out _) is { Reason: RejectionReason.ProjectNotFound or RejectionReason.FunctionNotFound or RejectionReason.HttpFunction } rejection
            ? rejection
            : null;

    /// <summary>Makes those runs that wait and may start, as the overlap policy says, and stores what follows.</summary>
    /// <param name="definition">The schedule.</param>
    /// <param name="state">How it stands, what is due decided.</param>
    /// <param name="stored">How it stands in the store.</param>
    /// <param name="publish">Is told of each state once it is stored.</param>
    /// <param name="stopping">Ends the wait for room in the store.</param>
    public async Task StartDueAsync(ScheduleDefinition definition, ScheduleState state, ScheduleState stored, Action<ScheduleState> publish, CancellationToken stopping)
    {
        while (ScheduleJudge.NextWaiting(definition, state) is { } due)
        {
            if (await IsRunningAsync(definition, state, stopping).ConfigureAwait(false))
            {
                state = await YieldAsync(definition, state, stopping).ConfigureAwait(false);
                break;
            }

            state = stored = await StartAsync(definition, state with { WaitsAfter = due }, due, isManual: false, stopping).ConfigureAwait(false);
            publish(state);
        }

        if (ScheduleJudge.NextWaiting(definition, state) is null && state.WaitsAfter is not null)
        {
            state = state with { WaitsAfter = null };
        }

        if (state != stored)
        {
            await store.SaveScheduleAsync(definition.Id, state.ToJson(), stopping).ConfigureAwait(false);
            publish(state);
        }
    }

    /// <summary>Makes one run, and stores it with the state that follows.</summary>
    /// <returns>That state; its first run is this one.</returns>
    public async Task<ScheduleState> StartAsync(ScheduleDefinition definition, ScheduleState state, DateTimeOffset due, bool isManual, CancellationToken cancellationToken)
    {
        var (id, target) = (definition.Id, definition.Target);
        var run = new ScheduleRun(due, ScheduleRunOutcome.Started, null, null, isManual);
        if (target.Project is null)
        {
            var cleaned = state.With(run);
            await store.SaveScheduleAsync(id, cleaned.ToJson(), cancellationToken).ConfigureAwait(false);
            _cleanups[id] = CleanUpAsync(id, target.Payload);
            return cleaned;
        }

        if (tasks.TryMake(new TaskRequest(target.Project, target.Function, target.Payload) { Schedule = id }, out var task) is { } rejection)
        {
            var failed = state.With(run with { Outcome = ScheduleRunOutcome.Failed, Reason = rejection.Message });
            if (!isManual)
            {
                await store.SaveScheduleAsync(id, failed.ToJson(), cancellationToken).ConfigureAwait(false);
                LogFailed(id, rejection.Message);
            }

            return failed;
        }

        var made = await store.StartScheduledAsync(id, task!, made => state.With(run with { Task = made }).ToJson(), cancellationToken).ConfigureAwait(false);
        return state.With(run with { Task = made });
    }

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
            LogCleanedUp(schedule, await finished.SweepAsync(time.GetUtcNow() - TimeSpan.FromDays(days), CancellationToken.None).ConfigureAwait(false));
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
