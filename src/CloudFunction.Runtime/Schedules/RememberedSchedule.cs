namespace CloudFunction.Runtime.Schedules;

/// <summary>What an earlier host has stored of a schedule that nobody has defined yet.</summary>
/// <param name="State">Its state; null where it cannot be read.</param>
/// <param name="Stored">The same, byte by byte.</param>
internal sealed record RememberedSchedule(ScheduleState? State, byte[] Stored);
