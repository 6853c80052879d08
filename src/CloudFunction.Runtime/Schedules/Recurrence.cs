using CloudFunction.Runtime.Schedules.Cron;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Reads when a schedule is due.</summary>
internal static class Recurrence
{
    private const int MaxExpressionLength = 256;

    // Of all that is ever due something is due after this: it is before every host's clock.
    private static readonly DateTimeOffset Past = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads a timing.</summary>
    /// <param name="timing">The timing; one of its cron expression and its fields is given.</param>
    /// <param name="problems">Gets everything that is wrong with it.</param>
    /// <returns>The recurrence; null where something is wrong.</returns>
    public static IRecurrence? TryRead(ScheduleTiming timing, ICollection<ScheduleProblem> problems)
    {
        var before = problems.Count;
        var zone = FindZone(timing.TimeZone, problems) ?? TimeZoneInfo.Utc;
        ILocalTimes? times = timing.Cron is { } cron ? ReadExpression(cron, problems) : CronFields.TryRead(timing.Fields!, problems);
        var recurrence = times is null ? null : new ZonedRecurrence(times, zone);
        if (recurrence is not null && recurrence.NextAfter(Past) is null)
        {
            problems.Add(new ScheduleProblem(
                timing.Cron is null ? "schedule" : "cron",
                $"It is never due: no date from {Past.Year} on matches all that it asks for, as with February 30."));
        }

        return problems.Count > before ? null : recurrence;
    }

    private static CronExpressionTimes? ReadExpression(string text, ICollection<ScheduleProblem> problems)
    {
        if (text.Length > MaxExpressionLength)
        {
            problems.Add(new ScheduleProblem(
                "cron", FormattableString.Invariant($"It is {text.Length} characters long; {MaxExpressionLength} are the most.")));
            return null;
        }

        if (CronExpressionTimes.TryRead(text, out var problem) is { } times)
        {
            return times;
        }

        problems.Add(new ScheduleProblem(
            "cron",
            $"'{text}' is not a cron expression: {problem}. Write five fields (minute, hour, day of month, month, day of week; Sunday is 0), or six "
            + "of which the first is the second, as in '30 8 * * 1'."));
        return null;
    }

    private static TimeZoneInfo? FindZone(string name, ICollection<ScheduleProblem> problems)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception) // Whatever becomes of a name that is none: it may be that of any file among the zones.
        {
            problems.Add(new ScheduleProblem(
                "timezone", $"'{name}' is not a time zone that this machine knows: write an IANA name such as Asia/Shanghai, Europe/Berlin or UTC. "
                    + "Where that is one, the machine lacks time zone data (the package tzdata)."));
            return null;
        }
    }
}
