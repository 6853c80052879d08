namespace CloudFunction.Runtime.Schedules;

/// <summary>A schedule as the scheduler holds it.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="State">Its state.</param>
/// <param name="Stored">The state that the store has, byte by byte; null: none. It is an earlier one where the store could not be written.</param>
internal sealed record ScheduleEntry(ScheduleDefinition Definition, ScheduleState State, byte[]? Stored)
{
    /// <summary>When something is due next that nobody has decided on; null: never, or it is paused or not enabled.</summary>
    public DateTimeOffset? NextRun { get; } = Definition.IsEnabled && !State.IsPaused ? Definition.Recurrence.NextAfter(State.JudgedTo) : null;

    /// <summary>Whether it is due at times at all.</summary>
    public bool IsActive => Definition.IsEnabled && !State.IsPaused;

    /// <summary>It, for people.</summary>
    public ScheduleInfo Describe()
    {
        IReadOnlyList<ScheduleRun> runs = IsActive && ScheduleJudge.NextWaiting(Definition, State) is { } due
            ? [new ScheduleRun(due, ScheduleRunOutcome.Waiting, null, "It waits until the run before it has ended.", false), .. State.Runs]
            : State.Runs;
        return new ScheduleInfo(Definition, State.IsPaused, NextRun, runs);
    }
}
