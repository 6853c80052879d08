using System.Globalization;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Configuration;

/// <summary>How the values of settings are written. Ranges are the validators' concern.</summary>
internal static class SettingSyntax
{
    // Longest unit first where one ends with another.
    private static readonly (string Unit, long Milliseconds)[] Durations =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    private static readonly (string Unit, long Bytes)[] Sizes =
        [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("B", 1)];

    // The names that the logging file uses; Critical is the highest that anything has.
    private static readonly List<(string Name, LogLevel Level)> Levels =
    [
        ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error),
        ("critical", LogLevel.Critical),
    ];

    /// <summary>Any text.</summary>
    public static bool TryParseText(string text, out string value)
    {
        value = text;
        return true;
    }

    /// <summary>A whole number.</summary>
    public static bool TryParseInteger(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>A whole number, of a setting that may have none.</summary>
    public static bool TryParseOptionalInteger(string text, out int? value)
    {
        value = TryParseInteger(text, out var number) ? number : null;
        return value is not null;
    }

    /// <summary>A number of seconds, or one with <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c> after it; decimals are allowed.</summary>
    public static bool TryParseDuration(string text, out TimeSpan value)
    {
        var (number, factor) = Split(text, Durations, 1000);
        value = default;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count > (decimal)TimeSpan.MaxValue.TotalMilliseconds / 2 / factor)
        {
            return false;
        }

        value = TimeSpan.FromTicks((long)(count * factor * TimeSpan.TicksPerMillisecond));
        return true;
    }

    /// <summary>A number of bytes, or one with <c>KB</c>, <c>MB</c> or <c>GB</c> (powers of 1024, any case) after it; decimals are
    /// allowed with these.</summary>
    public static bool TryParseSize(string text, out long value)
    {
        var (number, factor) = Split(text, Sizes, 1);
        value = default;
        var style = factor == 1 ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(number, style, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / factor)
        {
            return false;
        }

        value = (long)(count * factor);
        return true;
    }

    /// <summary><c>true</c>, <c>false</c>, <c>1</c>, <c>0</c>, <c>yes</c> or <c>no</c>, in any case.</summary>
    public static bool TryParseBoolean(string text, out bool value)
    {
        value = text.ToUpperInvariant() is "TRUE" or "1" or "YES";
        return value || text.ToUpperInvariant() is "FALSE" or "0" or "NO";
    }

    /// <summary>Items between commas, trimmed; empty ones are dropped.</summary>
    public static bool TryParseList(string text, out IReadOnlyList<string> value)
    {
        value = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return true;
    }

    /// <summary>An absolute URL.</summary>
    public static bool TryParseUrl(string text, out Uri? value) => Uri.TryCreate(text, UriKind.Absolute, out value);

    /// <summary>The name of a level, in any case.</summary>
    public static bool TryParseLevel(string text, out LogLevel? value)
    {
        var index = Levels.FindIndex(level => level.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = index < 0 ? null : Levels[index].Level;
        return index >= 0;
    }

    /// <summary><c>process</c> or <c>none</c>, in any case.</summary>
    public static bool TryParseIsolation(string text, out WorkerIsolation value)
    {
        value = text.Equals(nameof(WorkerIsolation.None), StringComparison.OrdinalIgnoreCase) ? WorkerIsolation.None : WorkerIsolation.Process;
        return value == WorkerIsolation.None || text.Equals(nameof(WorkerIsolation.Process), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A setting's value as it could be written; empty for null.</summary>
    public static string ToText(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        TimeSpan duration => ToText(duration),
        long bytes => Format(bytes).Replace(" ", "", StringComparison.Ordinal),
        WorkerIsolation isolation => isolation == WorkerIsolation.None ? "none" : "process",
        LogLevel level => Levels.Find(each => each.Level == level).Name ?? level.ToString(),
        IEnumerable<string> list => string.Join(',', list),
        Uri url => url.OriginalString,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>A size, written as in a setting.</summary>
    public static string Format(long bytes)
    {
        foreach (var (unit, factor) in Sizes.AsEnumerable().OrderByDescending(size => size.Bytes))
        {
            if (factor > 1 && bytes >= factor && bytes % factor == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor} {unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
    }

    // Seconds, as a bare number is; what is less than one has its unit.
    private static string ToText(TimeSpan duration) => duration.Ticks % TimeSpan.TicksPerSecond == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerSecond}s")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms");

    private static (string Number, long Factor) Split(string text, (string Unit, long Factor)[] units, long bare)
    {
        foreach (var (unit, factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                return (text[..^unit.Length].TrimEnd(), factor);
            }
        }

        return (text, bare);
    }
}
