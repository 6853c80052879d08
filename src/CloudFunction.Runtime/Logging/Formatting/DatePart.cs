using System.Globalization;
using System.Text;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>One part of a <c>datefmt</c>.</summary>
/// <param name="Code">The letter of a code; NUL: text that stands for itself.</param>
/// <param name="Pad">The flag that sets what a number is filled up with: <c>_</c>, <c>-</c> for nothing, <c>0</c>; NUL: what is usual.</param>
/// <param name="IsUpper">Whether names are in capitals.</param>
/// <param name="IsSwapped">Whether names are in capitals, and those that are so already in small letters.</param>
/// <param name="Width">At least so many characters; 0: as many as there are.</param>
/// <param name="Literal">The text that stands for itself; else empty.</param>
internal readonly record struct DatePart(
    char Code, char Pad = '\0', bool IsUpper = false, bool IsSwapped = false, int Width = 0, string Literal = "")
{
    private const string Names = "aAbBhpPZ";
    private const string Numbers = "YyCmdejHIklMSuwGgVUWs";

    /// <summary>Whether it has a flag or a width.</summary>
    public bool HasLayout => Pad != '\0' || IsUpper || IsSwapped || Width > 0;

    /// <summary>Whether it may have: the C library's rules for the others differ from one to the next.</summary>
    public bool CanHaveLayout => Names.Contains(Code, StringComparison.Ordinal) || Numbers.Contains(Code, StringComparison.Ordinal);

    /// <summary>Writes it.</summary>
    public void Write(StringBuilder output, DateTimeOffset time, TimeZoneInfo zone)
    {
        var text = Code == '\0' ? Literal
            : Numbers.Contains(Code, StringComparison.Ordinal) ? FormatNumber(time)
            : Names.Contains(Code, StringComparison.Ordinal) ? WithCase(NameOf(time, zone))
            : WholeOf(time);
        output.Append(Pad == '0' ? '0' : ' ', Math.Max(Width - text.Length, 0)).Append(text);
    }

    private string FormatNumber(DateTimeOffset time)
    {
        var (value, digits, isBlankPadded) = NumberOf(time);
        var text = value.ToString(CultureInfo.InvariantCulture);
        return Pad == '-' ? text
            : text.PadLeft(Code == 's' ? 0 : Math.Max(digits, Width), Pad == '_' || (isBlankPadded && Pad != '0') ? ' ' : '0');
    }

    private (long Value, int Digits, bool IsBlankPadded) NumberOf(DateTimeOffset time) => Code switch
    {
        'Y' => (time.Year, 4, false),
        'y' => (time.Year % 100, 2, false),
        'C' => (time.Year / 100, 2, false),
        'm' => (time.Month, 2, false),
        'd' => (time.Day, 2, false),
        'e' => (time.Day, 2, true),
        'j' => (time.DayOfYear, 3, false),
        'H' => (time.Hour, 2, false),
        'k' => (time.Hour, 2, true),
        'I' => (((time.Hour + 11) % 12) + 1, 2, false),
        'l' => (((time.Hour + 11) % 12) + 1, 2, true),
        'M' => (time.Minute, 2, false),
        'S' => (time.Second, 2, false),
        'u' => (DaysSince(DayOfWeek.Monday, time) + 1, 1, false),
        'w' => ((int)time.DayOfWeek, 1, false),
        'G' => (ISOWeek.GetYear(time.DateTime), 4, false),
        'g' => (ISOWeek.GetYear(time.DateTime) % 100, 2, false),
        'V' => (ISOWeek.GetWeekOfYear(time.DateTime), 2, false),

        // The week with the year's first such day is the first, and the days before it are in week 0.
        'U' => ((time.DayOfYear + 6 - DaysSince(DayOfWeek.Sunday, time)) / 7, 2, false),
        'W' => ((time.DayOfYear + 6 - DaysSince(DayOfWeek.Monday, time)) / 7, 2, false),
        _ => (time.ToUnixTimeSeconds(), 1, false),
    };

    private string NameOf(DateTimeOffset time, TimeZoneInfo zone) => Code switch
    {
        'Z' => ZoneNames.Of(time, zone),
        'P' => time.ToString("tt", CultureInfo.InvariantCulture).ToLowerInvariant(),
        _ => time.ToString(
            Code switch
            {
                'a' => "ddd",
                'A' => "dddd",
                'B' => "MMMM",
                'p' => "tt",
                _ => "MMM",
            },
            CultureInfo.InvariantCulture),
    };

    private string WithCase(string name) =>
        Code == 'P' || (IsSwapped && Code is 'p' or 'Z') ? name.ToLowerInvariant()
        : IsUpper || IsSwapped ? name.ToUpperInvariant()
        : name;

    private string WholeOf(DateTimeOffset time) => Code switch
    {
        '%' => "%",
        't' => "\t",
        'z' => time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal),
        'c' => string.Create(CultureInfo.InvariantCulture, $"{time:ddd MMM} {time.Day,2} {time:HH:mm:ss yyyy}"),
        _ => time.ToString(
            Code switch
            {
                'F' => "yyyy-MM-dd",
                'D' or 'x' => "MM/dd/yy",
                'T' or 'X' => "HH:mm:ss",
                'R' => "HH:mm",
                'r' => "hh:mm:ss tt",
                _ => throw new InvalidOperationException($"DateFormat lets no code '%{Code}' through."),
            },
            CultureInfo.InvariantCulture),
    };

    private static int DaysSince(DayOfWeek first, DateTimeOffset time) => ((int)time.DayOfWeek - (int)first + 7) % 7;
}
