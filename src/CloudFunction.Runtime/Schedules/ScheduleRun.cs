using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Schedules;

/// <summary>One run of a schedule that was due, or was asked for.</summary>
/// <param name="Due">When it was due; for one that was asked for, when it was.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Task">The task that was made; null where none was.</param>
/// <param name="Reason">Why it was left out or failed, for people; null where there is no reason.</param>
/// <param name="IsManual">Whether somebody asked for it.</param>
internal sealed record ScheduleRun(DateTimeOffset Due, ScheduleRunOutcome Outcome, TaskId? Task, string? Reason, bool IsManual);
