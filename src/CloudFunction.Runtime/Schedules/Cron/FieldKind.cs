namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>One of the fields that set when a schedule is due.</summary>
/// <param name="Name">Its name, as people write it.</param>
/// <param name="Min">Its least value.</param>
/// <param name="Max">Its greatest value.</param>
/// <param name="Names">What its values may also be called, the least first; empty where there are no such names.</param>
internal sealed record FieldKind(string Name, int Min, int Max, params string[] Names)
{
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>All of them, from the coarsest to the finest.</summary>
    public static IReadOnlyList<FieldKind> All { get; } =
    [
        new("year", 1970, 9999),
        new("month", 1, 12, "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        new("day", 1, 31),
        new("week", 1, 53),
        new("day_of_week", 0, 6, Weekdays),
        new("hour", 0, 23),
        new("minute", 0, 59),
        new("second", 0, 59),
    ];

    /// <summary>The number of a weekday by its name, Monday being 0; null where it is none.</summary>
    public static int? WeekdayOf(ReadOnlySpan<char> name) => IndexOf(Weekdays, name);

    /// <summary>What is written where the field is not: anything where a finer field is given, else the least; of weeks and weekdays
    /// always anything.</summary>
    public string DefaultText(bool isFinerGiven) =>
        isFinerGiven || Name is "week" or "day_of_week" ? "*" : Min.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Reads one value: a number, or a name.</summary>
    public int? ValueOf(ReadOnlySpan<char> text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : IndexOf(Names, text) is { } index ? index + Min
        : null;

    private static int? IndexOf(string[] names, ReadOnlySpan<char> name)
    {
        for (var index = 0; index < names.Length; index++)
        {
            if (name.Equals(names[index], StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        return null;
    }
}
