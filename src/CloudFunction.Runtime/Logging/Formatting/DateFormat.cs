using System.Globalization;
using System.Text;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>How <c>asctime</c> is written: a <c>datefmt</c> with the codes of strftime, as Python has them from the C library of Linux (glibc) in the
/// C locale. Names of days and months are English.</summary>
internal sealed class DateFormat
{
    private const string Flags = "_-0^#";
    private const string ModifiedByE = "cCxXyY";
    private const string ModifiedByO = "deHImMSuUVwWy";

    private readonly string _text;
    private readonly List<DatePart> _parts = [];

    private DateFormat(string text)
    {
        _text = text;
    }

    /// <summary>The codes that there are, in the order of the documentation.</summary>
    public static IReadOnlyList<string> Codes { get; } =
    [
        "%Y", "%y", "%C", "%m", "%d", "%e", "%j", "%H", "%I", "%k", "%l", "%p", "%P", "%M", "%S", "%a", "%A", "%u", "%w", "%b", "%B", "%h", "%G",
        "%g", "%V", "%U", "%W", "%z", "%Z", "%F", "%D", "%x", "%T", "%X", "%R", "%r", "%c", "%s", "%t", "%%",
    ];

    /// <summary>Takes a format apart.</summary>
    /// <param name="text">The codes of <c>strftime</c>.</param>
    /// <param name="errors">Everything that is wrong, each with what is allowed; empty where nothing is.</param>
    /// <returns>The format; of use only where there are no errors.</returns>
    public static DateFormat Parse(string text, out IReadOnlyList<string> errors)
    {
        var format = new DateFormat(text);
        List<string> found = [];
        for (var position = 0; position < text.Length;)
        {
            var percent = text.IndexOf('%', position);
            var end = percent < 0 ? text.Length : percent;
            format._parts.Add(new DatePart(default, Literal: text[position..end]));
            position = percent < 0 ? end : format.ReadCode(percent, found);
        }

        if (SafeText.HasLineBreak(text))
        {
            found.Add("there is a line break in the datefmt; allowed is one line, since a record is one");
        }

        errors = found;
        return format;
    }

    /// <summary>Writes a time.</summary>
    /// <param name="time">The time, with its offset from UTC.</param>
    /// <param name="zone">Whose time it is.</param>
    public string Format(DateTimeOffset time, TimeZoneInfo zone)
    {
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            part.Write(text, time, zone);
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    private int ReadCode(int percent, List<string> errors)
    {
        var position = percent + 1;
        char pad = '\0';
        bool isUpper = false, isSwapped = false;
        for (; position < _text.Length && Flags.Contains(_text[position], StringComparison.Ordinal); position++)
        {
            isUpper |= _text[position] == '^';
            isSwapped |= _text[position] == '#';
            pad = _text[position] is '^' or '#' ? pad : _text[position];
        }

        var begin = position;
        while (position < _text.Length && char.IsAsciiDigit(_text[position]))
        {
            position++;
        }

        var width = position == begin ? 0
            : int.TryParse(_text.AsSpan(begin, position - begin), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : int.MaxValue;
        var modifier = position < _text.Length && _text[position] is 'E' or 'O' ? _text[position++] : '\0';
        var code = position < _text.Length ? _text[position++] : '\0';
        var whole = _text[percent..position];
        var part = new DatePart(code, pad, isUpper, isSwapped, width);
        if (FindError(part, whole, modifier) is { } error)
        {
            errors.Add(error);
        }

        _parts.Add(part);
        return position;
    }

    private static string? FindError(DatePart part, string whole, char modifier)
    {
        if (part.Code == 'n')
        {
            return $"the code '{whole}' is a line break; allowed is one line, since a record is one";
        }

        if (!Codes.Contains($"%{part.Code}"))
        {
            var hint = part.Code is 'f' or 'L' or 'N' ? " (milliseconds are '%(msecs)03d' in the format)" : "";
            return $"the code '{whole}' is not known in a datefmt{hint}; allowed are {string.Join(", ", Codes)}";
        }

        if (modifier != '\0' && !(modifier == 'E' ? ModifiedByE : ModifiedByO).Contains(part.Code, StringComparison.Ordinal))
        {
            return $"the code '{whole}' has an '{modifier}', which means nothing there; allowed is '%{part.Code}'";
        }

        if (part.HasLayout && !part.CanHaveLayout)
        {
            return $"the code '{whole}' has a flag or a width, which only a number or a name can have; allowed is '%{part.Code}'";
        }

        return part.Width > FieldLayout.MaxWidth
            ? string.Create(CultureInfo.InvariantCulture, $"the code '{whole}' is too wide; allowed is a width up to {FieldLayout.MaxWidth}")
            : null;
    }
}
