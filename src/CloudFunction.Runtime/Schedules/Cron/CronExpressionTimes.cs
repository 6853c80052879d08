using System.Text.RegularExpressions;
using Cronos;

namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>Local times that a cron expression asks for. The library has only its calendar's part: its reading of time zones is built on
/// conversions of the framework that are wrong where daylight saving is negative.</summary>
internal sealed class CronExpressionTimes : ILocalTimes
{
    private const int FieldsWithSeconds = 6;

    // Of the fields, from the left: the second where it is there, the minute and the hour.
    private const int FieldsOfDay = 3;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly string[] FieldNames = ["second", "minute", "hour", "day of month", "month", "day of week"];

    private static readonly string[] Macros =
        ["@every_second", "@every_minute", "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"];

    private static readonly Regex NameAndStep = new("^[a-z]{3}(-[a-z]{3})?/", Options);

    private static readonly Regex NameAndNumber = new("^([a-z]{3}-[0-9]|[0-9]+-[a-z]{3})", Options);

    private readonly CronExpression _expression;

    private CronExpressionTimes(CronExpression expression, bool isInterval)
    {
        _expression = expression;
        IsInterval = isInterval;
    }

    public bool IsInterval { get; }

    /// <summary>Whether an expression asks for days of the month and for weekdays: a day must be both, while crontab takes one that is
    /// either, unless one of the two begins with a star.</summary>
    public static bool HasBothDays(string text) => FieldsOf(text) is [.., var day, _, var weekday] && IsGiven(day) && IsGiven(weekday);

    /// <summary>Reads an expression of five fields, or of six of which the first is the second, or one of the names for common ones.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="problem">What is wrong with it, where it returns null.</param>
    public static CronExpressionTimes? TryRead(string text, out string? problem)
    {
        problem = null;
        var fields = FieldsOf(text);
        if (TryParse(fields) is not { } expression)
        {
            problem = ProblemOf(fields);
            return null;
        }

        if (fields is not [['@', ..]] && fields.SelectMany(field => field.Split(',')).Select(ProblemOfNames).FirstOrDefault(each => each is not null)
            is { } other)
        {
            problem = other;
            return null;
        }

        if (fields is [['@', ..] macro])
        {
            return new CronExpressionTimes(expression, macro.ToUpperInvariant() is "@HOURLY" or ['@', 'E', 'V', 'E', 'R', 'Y', ..]);
        }

        var ofDay = fields.Take(fields.Length == FieldsWithSeconds ? FieldsOfDay : FieldsOfDay - 1);
        return new CronExpressionTimes(expression, ofDay.Any(field => field.AsSpan().IndexOfAny("*-/") >= 0));
    }

    public DateTime? NextFrom(DateTime local) =>
        _expression.GetNextOccurrence(DateTime.SpecifyKind(local, DateTimeKind.Utc), inclusive: true) is { } next
            ? DateTime.SpecifyKind(next, DateTimeKind.Unspecified)
            : null;

    private static CronExpression? TryParse(string[] fields)
    {
        try
        {
            return CronExpression.Parse(
                string.Join(' ', fields), fields.Length == FieldsWithSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard);
        }
        catch (Exception) // Whatever the library throws, it is the text that is wrong.
        {
            return null;
        }
    }

    // The library's own messages name characters of a text that it has changed, or nothing.
    private static string ProblemOf(string[] fields)
    {
        if (fields is [])
        {
            return "it is empty";
        }

        if (fields is [['@', ..]])
        {
            return $"the names are {string.Join(", ", Macros)}";
        }

        if (fields.Length is not (FieldsWithSeconds or FieldsWithSeconds - 1))
        {
            return FormattableString.Invariant($"it has {fields.Length} {(fields.Length == 1 ? "field" : "fields")}");
        }

        var names = FieldNames.AsSpan(FieldsWithSeconds - fields.Length);
        for (var index = 0; index < fields.Length; index++)
        {
            var alone = Enumerable.Repeat("*", fields.Length).ToArray();
            alone[index] = fields[index];
            if (TryParse(alone) is null)
            {
                return $"'{fields[index]}' is not a valid {names[index]}";
            }
        }

        return "its fields do not go together";
    }

    // As in schedule files: an older reader takes them for something else.
    private static string? ProblemOfNames(string part) =>
        NameAndStep.IsMatch(part) ? $"'{part}' has a step after a name: write numbers where the step counts, or leave it out"
        : NameAndNumber.IsMatch(part) ? $"'{part}' mixes a name and a number: write two names, or two numbers"
        : null;

    private static string[] FieldsOf(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsGiven(string field) => field[0] is not ('*' or '?');
}
