namespace CloudFunction.Runtime.Schedules;

/// <summary>A schedule and how it stands.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="IsPaused">Whether somebody has paused it.</param>
/// <param name="NextRun">When it is due next; null where it never is, being paused, not enabled or over.</param>
/// <param name="LastRuns">The last five, the newest first, and those that wait.</param>
internal sealed record ScheduleInfo(ScheduleDefinition Definition, bool IsPaused, DateTimeOffset? NextRun, IReadOnlyList<ScheduleRun> LastRuns);
