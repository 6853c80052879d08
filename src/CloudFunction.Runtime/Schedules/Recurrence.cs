using CloudFunction.Runtime.Schedules.Cron;
using Cronos;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Reads when a schedule is due.</summary>
internal static class Recurrence
{
    private const int MaxExpressionLength = 256;
    private const int FieldsWithSeconds = 6;

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
        IRecurrence? recurrence = timing.Cron is { } cron ? ReadExpression(cron, zone, problems) : ReadFields(timing.Fields!, zone, problems);
        if (recurrence is not null && recurrence.NextAfter(Past) is null)
        {
            problems.Add(new ScheduleProblem(
                timing.Cron is null ? "schedule" : "cron", "It is never due: no date matches all that it asks for, as with February 30."));
        }

        return problems.Count > before ? null : recurrence;
    }

    private static CronExpressionRecurrence? ReadExpression(string text, TimeZoneInfo zone, ICollection<ScheduleProblem> problems)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (text.Length > MaxExpressionLength)
        {
            problems.Add(new ScheduleProblem(
                "cron", FormattableString.Invariant($"It is {text.Length} characters long; {MaxExpressionLength} are the most.")));
            return null;
        }

        try
        {
            return new CronExpressionRecurrence(
                CronExpression.Parse(text, fields == FieldsWithSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard), zone);
        }
        catch (CronFormatException error)
        {
            problems.Add(new ScheduleProblem(
                "cron",
                $"'{text}' is no cron expression: {error.Message.TrimEnd('.')}. Write five fields (minute, hour, day of month, month, day of week; "
                + "Sunday is 0), or six of which the first is the second, as in '30 8 * * 1'."));
            return null;
        }
    }

    private static FieldsRecurrence? ReadFields(
        IReadOnlyDictionary<string, string> texts, TimeZoneInfo zone, ICollection<ScheduleProblem> problems) =>
        CronFields.TryRead(texts, problems) is { } fields ? new FieldsRecurrence(fields, zone) : null;

    private static TimeZoneInfo? FindZone(string name, ICollection<ScheduleProblem> problems)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception error) when (error is TimeZoneNotFoundException or InvalidTimeZoneException or System.Security.SecurityException
            or ArgumentException)
        {
            problems.Add(new ScheduleProblem(
                "timezone", $"'{name}' is no time zone that this machine knows: write an IANA name such as Asia/Shanghai, Europe/Berlin or UTC. "
                    + "Where that is one, the machine lacks time zone data (the package tzdata)."));
            return null;
        }
    }
}
