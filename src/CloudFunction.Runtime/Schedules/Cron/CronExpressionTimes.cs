using Cronos;

namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>Local times that a cron expression asks for. The library has only its calendar's part: its reading of time zones is built on
/// conversions of the framework that are wrong where daylight saving is negative.</summary>
internal sealed class CronExpressionTimes : ILocalTimes
{
    private const int FieldsWithSeconds = 6;

    // Of the fields, from the left: the second where it is there, the minute and the hour.
    private const int FieldsOfDay = 3;

    private readonly CronExpression _expression;

    private CronExpressionTimes(CronExpression expression, bool isInterval)
    {
        _expression = expression;
        IsInterval = isInterval;
    }

    public bool IsInterval { get; }

    /// <summary>Whether an expression asks for days of the month and for weekdays: a day must be both, while crontab takes one that is
    /// either.</summary>
    public static bool HasBothDays(string text) => FieldsOf(text) is [.., var day, _, var weekday] && IsGiven(day) && IsGiven(weekday);

    /// <summary>Reads an expression of five fields, or of six of which the first is the second.</summary>
    /// <exception cref="Exception">It is something else; whatever the library throws for it.</exception>
    public static CronExpressionTimes Read(string text)
    {
        var fields = FieldsOf(text);
        var hasSeconds = fields.Length == FieldsWithSeconds;
        var expression = CronExpression.Parse(text, hasSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard);
        if (fields is [['@', ..] macro])
        {
            return new CronExpressionTimes(expression, macro.ToUpperInvariant() is "@HOURLY" or ['@', 'E', 'V', 'E', 'R', 'Y', ..]);
        }

        var ofDay = fields.Take(hasSeconds ? FieldsOfDay : FieldsOfDay - 1);
        return new CronExpressionTimes(expression, ofDay.Any(field => field.AsSpan().IndexOfAny("*-/") >= 0));
    }

    public DateTime? NextFrom(DateTime local) =>
        _expression.GetNextOccurrence(DateTime.SpecifyKind(local, DateTimeKind.Utc), inclusive: true) is { } next
            ? DateTime.SpecifyKind(next, DateTimeKind.Unspecified)
            : null;

    private static string[] FieldsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsGiven(string field) => field is not ("*" or "?");
}
