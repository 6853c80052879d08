using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Schedules;

/// <summary>What became of an operator's wish.</summary>
/// <param name="Schedule">How the schedule stands now; of a deleted one, how it stood. Null where it was refused.</param>
/// <param name="Refusal">Why it was not done; null where it was.</param>
/// <param name="Message">The same for people.</param>
internal sealed record ScheduleChange(ScheduleInfo? Schedule, ScheduleRefusal? Refusal = null, string? Message = null)
{
    /// <summary>Why its function cannot be called; null where that was not the reason.</summary>
    public Rejection? Rejection { get; init; }

    /// <summary>The run that was asked for; null where none was.</summary>
    public ScheduleRun? Run { get; init; }
}
