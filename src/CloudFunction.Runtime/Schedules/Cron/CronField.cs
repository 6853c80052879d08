namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>What one field allows.</summary>
internal sealed class CronField
{
    // Every value of the longest field, with names; more is no longer written by people.
    private const int MaxLength = 256;

    private readonly List<FieldRange> _ranges = [];
    private readonly List<MonthDay> _days = [];

    private CronField()
    {
    }

    /// <summary>Whether it names more than single values, so that it is meant to happen at intervals.</summary>
    public bool IsInterval { get; private set; }

    /// <summary>Reads a field.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="text">As it was written.</param>
    /// <param name="problem">What is wrong with it, where it returns null.</param>
    public static CronField? TryRead(FieldKind kind, string text, out string? problem)
    {
        var field = new CronField();
        problem = text.Length > MaxLength
            ? FormattableString.Invariant($"It is {text.Length} characters long; {MaxLength} are the most.")
            : text.Split(',', StringSplitOptions.TrimEntries).Select(part => field.Add(kind, part)).FirstOrDefault(found => found is not null);
        return problem is null ? field : null;
    }

    /// <summary>Whether a value is allowed; not for days of the month.</summary>
    public bool Contains(int value)
    {
        foreach (var range in _ranges)
        {
            if (range.Contains(value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a date's day of the month is allowed.</summary>
    public bool ContainsDay(DateOnly date) => Contains(date.Day) || _days.Exists(day => day.Contains(date));

    /// <summary>The least value that is allowed and not below another; null where there is none.</summary>
    public int? NextFrom(int value, int max)
    {
        for (var next = value; next <= max; next++)
        {
            if (Contains(next))
            {
                return next;
            }
        }

        return null;
    }

    private string? Add(FieldKind kind, string part)
    {
        if (kind.Name == "day" && TryReadMonthDay(part) is { } day)
        {
            _days.Add(day);
            return null;
        }

        var slash = part.IndexOf('/', StringComparison.Ordinal);
        var step = 1;
        if (slash >= 0
            && (!int.TryParse(
                part.AsSpan(slash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
                out step) || step < 1))
        {
            return $"'{part}' has no step after its '/': write a whole number from 1 on, as in */2.";
        }

        var range = slash >= 0 ? part[..slash] : part;
        if (range == "*")
        {
            IsInterval = true;
            _ranges.Add(new FieldRange(kind.Min, kind.Max, step));
            return null;
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var (from, to) = dash < 0 ? (range, null) : (range[..dash], range[(dash + 1)..]);
        if (kind.ValueOf(from) is not { } first || (to is null ? first : kind.ValueOf(to)) is not { } last)
        {
            return $"'{part}' is not a valid {kind.Name}: write {Forms(kind)}.";
        }

        if (to is not null && char.IsAsciiDigit(from[0]) != char.IsAsciiDigit(to[0]))
        {
            return FormattableString.Invariant($"'{part}' mixes a name and a number: write two names, or {first}-{last}.");
        }

        if (slash >= 0 && !char.IsAsciiDigit(range[0]))
        {
            return $"'{part}' has a step after a name, which schedule files were read without: write {range} where it was meant to be so, or "
                + FormattableString.Invariant($"{first}{(dash < 0 ? "" : $"-{last}")}/{step} where the step counts.");
        }

        if (first < kind.Min || first > kind.Max || last < kind.Min || last > kind.Max)
        {
            return FormattableString.Invariant($"'{part}' is out of range: the {kind.Name} goes from {kind.Min} to {kind.Max}.");
        }

        if (last < first)
        {
            return $"'{part}' goes backwards: write the lower value first, or two ranges with a comma between.";
        }

        IsInterval |= dash >= 0 || slash >= 0;
        _ranges.Add(new FieldRange(first, dash < 0 && slash >= 0 ? kind.Max : last, step));
        return null;
    }

    private static string Forms(FieldKind kind)
    {
        var names = kind.Names.Length > 0 ? $", a name ({kind.Names[0]} to {kind.Names[^1]})" : "";
        var days = kind.Name == "day" ? ", last, last fri, 1st mon to 5th mon" : "";
        return FormattableString.Invariant(
            $"a number from {kind.Min} to {kind.Max}{names}{days}, *, */n, a-b, a-b/n, a/n, or several of them with commas between");
    }

    private static MonthDay? TryReadMonthDay(string part)
    {
        var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2)
        {
            return null;
        }

        int? nth = words[0].ToLowerInvariant() switch { "last" => 0, "1st" => 1, "2nd" => 2, "3rd" => 3, "4th" => 4, "5th" => 5, _ => null };
        return nth is null ? null
            : words.Length == 2 ? (FieldKind.WeekdayOf(words[1]) is { } weekday ? new MonthDay(nth.Value, weekday) : null)
            : nth == 0 ? new MonthDay(0, null)
            : null;
    }
}
