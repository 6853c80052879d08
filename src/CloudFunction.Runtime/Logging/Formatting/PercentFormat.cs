using System.Globalization;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>Takes a format with fields such as <c>%(levelname)-8s</c> apart. For one use.</summary>
internal sealed class PercentFormat
{
    private readonly string _text;
    private readonly List<FormatPart> _parts = [];
    private readonly List<string> _errors = [];
    private int _position;

    private PercentFormat(string text)
    {
        _text = text;
    }

    /// <summary>Reads a format.</summary>
    /// <param name="text">The format; line ends behind it do not count.</param>
    /// <param name="errors">Everything that is wrong, each with what is allowed; empty where nothing is.</param>
    /// <returns>Its parts; of use only where there are no errors.</returns>
    public static IReadOnlyList<FormatPart> Parse(string text, out IReadOnlyList<string> errors)
    {
        var format = new PercentFormat(text.TrimEnd('\r', '\n'));
        format.Parse();
        errors = format._errors;
        return format._parts;
    }

    private void Parse()
    {
        if (SafeText.HasLineBreak(_text))
        {
            _errors.Add("there is a line break in the format; allowed is one line, since a record is one");
        }

        while (_position < _text.Length)
        {
            var percent = _text.IndexOf('%', _position);
            AddLiteral(_text[_position..(percent < 0 ? _text.Length : percent)]);
            _position = percent < 0 ? _text.Length : percent + 1;
            if (percent >= 0)
            {
                ReadField();
            }
        }

        if (_errors.Count == 0 && _parts.TrueForAll(part => part.Field == FormatField.Literal))
        {
            _errors.Add("there is no field in the format, and so every record would be the same; allowed are fields such as '%(message)s'");
        }
    }

    private void ReadField()
    {
        switch (_position < _text.Length ? _text[_position] : '\0')
        {
            case '%':
                AddLiteral("%");
                _position++;
                return;
            case '(' when _text.IndexOf(')', _position) is > 0 and var end:
                var name = _text[(_position + 1)..end];
                _position = end + 1;
                ReadLayout(name);
                return;
            case '(':
                _errors.Add($"'%{_text[_position..]}' has no ')'; allowed are fields such as '%(message)s'");
                _position = _text.Length;
                return;
            default:
                _errors.Add("a '%' stands alone; allowed are fields such as '%(message)s', and '%%' for the character itself");
                return;
        }
    }

    private void ReadLayout(string name)
    {
        var begin = _position;
        bool isLeft = false, isZeroPadded = false;
        var sign = '\0';
        for (; _position < _text.Length && _text[_position] is '-' or '0' or '+' or ' '; _position++)
        {
            isLeft |= _text[_position] == '-';
            isZeroPadded |= _text[_position] == '0';
            sign = _text[_position] == '+' || (_text[_position] == ' ' && sign == '\0') ? _text[_position] : sign;
        }

        var width = ReadNumber();
        int? precision = null;
        if (_position < _text.Length && _text[_position] == '.')
        {
            _position++;
            if (_position == _text.Length || !char.IsAsciiDigit(_text[_position]))
            {
                _errors.Add($"'%({name}){_text[begin.._position]}' has no digits behind its point; allowed is a precision such as '.3', or no point");
                return;
            }

            precision = ReadNumber();
        }

        var conversion = _position < _text.Length ? _text[_position] : '\0';
        if (!FieldLayout.Conversions.Contains(conversion, StringComparison.Ordinal))
        {
            _errors.Add($"'%({name}){_text[begin..Math.Min(_position + 1, _text.Length)]}' does not end with a letter that is known; "
                + "allowed are 's' for text, 'd' for whole numbers and 'f' for decimals, after flags (-, 0, + and space), "
                + "width and precision");
            return;
        }

        _position++;
        Add(name, new FieldLayout(FieldLayout.Plainest(conversion), width, precision, isLeft, isZeroPadded, sign));
    }

    private void Add(string name, FieldLayout layout)
    {
        if (!FormatFields.All.TryGetValue(name, out var field))
        {
            var why = FormatFields.Unavailable.Contains(name)
                ? "is not available here"
                : "is not known" + NearestName.Suggest(name, FormatFields.All.Keys);
            _errors.Add($"the field '%({name})' {why}; allowed are {string.Join(", ", FormatFields.All.Keys)}");
        }
        else if (layout.Conversion != 's' && !FormatFields.IsNumber(field))
        {
            _errors.Add($"the field '%({name}){layout.Conversion}' is written as a number, and it is text; allowed is '%({name})s'");
        }
        else if (layout.Width > FieldLayout.MaxWidth || layout.Precision > FieldLayout.MaxPrecision && layout.Conversion != 's')
        {
            _errors.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the field '%({name})' is too wide; allowed is a width up to {FieldLayout.MaxWidth} "
                + $"and a precision of numbers up to {FieldLayout.MaxPrecision}"));
        }
        else
        {
            _parts.Add(new FormatPart(field, layout));
        }
    }

    private void AddLiteral(string text)
    {
        if (text.Length > 0)
        {
            _parts.Add(new FormatPart(FormatField.Literal, FieldLayout.Plain, text));
        }
    }

    /// <summary>Reads digits, none of which is 0. Too many of them are a number that is too large for everything.</summary>
    private int ReadNumber()
    {
        var begin = _position;
        while (_position < _text.Length && char.IsAsciiDigit(_text[_position]))
        {
            _position++;
        }

        return begin == _position
            ? 0
            : int.TryParse(_text.AsSpan(begin, _position - begin), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : int.MaxValue;
    }
}
