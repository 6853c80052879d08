using System.Globalization;
using System.Text;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>How <c>asctime</c> is written: a <c>datefmt</c> with the codes of strftime. Names of days and months are English.</summary>
internal sealed class DateFormat
{
    private readonly string _text;

    private DateFormat(string text)
    {
        _text = text;
    }

    /// <summary>The codes that there are, in the order of the documentation.</summary>
    public static IReadOnlyList<string> Codes { get; } =
        ["%Y", "%y", "%m", "%d", "%e", "%j", "%H", "%I", "%p", "%M", "%S", "%a", "%A", "%b", "%B", "%z", "%Z", "%F", "%D", "%T", "%R", "%s", "%%"];

    /// <summary>Takes a format apart.</summary>
    /// <param name="text">The codes of <c>strftime</c>.</param>
    /// <param name="errors">Everything that is wrong, each with what is allowed; empty where nothing is.</param>
    /// <returns>The format; of use only where there are no errors.</returns>
    public static DateFormat Parse(string text, out IReadOnlyList<string> errors)
    {
        List<string> found = [];
        for (var i = 0; (i = text.IndexOf('%', i)) >= 0; i = Math.Min(i + 2, text.Length))
        {
            var code = text[i..Math.Min(i + 2, text.Length)];
            if (!Codes.Contains(code))
            {
                var hint = code is "%f" or "%L" or "%N" ? " (milliseconds are '%(msecs)03d' in the format)" : "";
                found.Add($"the code '{code}' is not known in a datefmt{hint}; allowed are {string.Join(", ", Codes)}");
            }
        }

        if (SafeText.HasLineBreak(text))
        {
            found.Add("there is a line break in the datefmt; allowed is one line, since a record is one");
        }

        errors = found;
        return new DateFormat(text);
    }

    /// <summary>Writes a time.</summary>
    /// <param name="time">The time, with its offset from UTC.</param>
    /// <param name="zone">Whose time it is.</param>
    public string Format(DateTimeOffset time, TimeZoneInfo zone)
    {
        var text = new StringBuilder();
        for (var i = 0; i < _text.Length; i++)
        {
            if (_text[i] == '%')
            {
                text.Append(ValueOf(_text[++i], time, zone));
            }
            else
            {
                text.Append(_text[i]);
            }
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static string ValueOf(char code, DateTimeOffset time, TimeZoneInfo zone) => code switch
    {
        '%' => "%",
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'j' => time.DayOfYear.ToString("D3", CultureInfo.InvariantCulture),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'z' => time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal),
        'Z' => zone.IsDaylightSavingTime(time) ? zone.DaylightName : zone.StandardName,
        _ => time.ToString(PatternOf(code), CultureInfo.InvariantCulture),
    };

    private static string PatternOf(char code) => code switch
    {
        'Y' => "yyyy",
        'y' => "yy",
        'm' => "MM",
        'd' => "dd",
        'H' => "HH",
        'I' => "hh",
        'p' => "tt",
        'M' => "mm",
        'S' => "ss",
        'a' => "ddd",
        'A' => "dddd",
        'b' => "MMM",
        'B' => "MMMM",
        'F' => "yyyy-MM-dd",
        'D' => "MM/dd/yy",
        'T' => "HH:mm:ss",
        'R' => "HH:mm",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Parse lets no such code through."),
    };
}
