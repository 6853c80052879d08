namespace CloudFunction.Runtime.Schedules;

/// <summary>When a schedule is due, as its maker wrote it: either a cron expression or fields.</summary>
/// <param name="Cron">Five fields, or six of which the first is the second; Sunday is 0. Null where <paramref name="Fields"/> are given.</param>
/// <param name="Fields">Of year, month, day, week, day_of_week, hour, minute and second those that were written; Monday is 0. Null where
/// <paramref name="Cron"/> is given.</param>
/// <param name="TimeZone">The IANA name of the time zone it is read in.</param>
internal sealed record ScheduleTiming(string? Cron, IReadOnlyDictionary<string, string>? Fields, string TimeZone);
