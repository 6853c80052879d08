using System.Text;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Takes the text of a <c>.env</c> file apart. For one use.</summary>
internal sealed class DotEnvParser
{
    private readonly string _text;
    private readonly string _path;
    private readonly List<DotEnvEntry> _entries = [];
    private readonly Dictionary<string, int> _indexes = new(EnvironmentNames.Comparer);
    private readonly BoundedLines _warnings = new();
    private readonly BoundedLines _errors = new();
    private readonly List<DotEnvSpan> _spans = [];
    private int _position;
    private int _line = 1;
    private int _valueStart;
    private int _valueEnd;

    /// <summary>Prepares for a text, that messages call by a path.</summary>
    public DotEnvParser(string text, string path)
    {
        // Line ends are made one first, so that a quoted value of several lines is the same on every platform.
        _text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _path = path;
    }

    /// <summary>What is parsed: the text less its byte order mark, every line end a line feed.</summary>
    public string Text => _text;

    /// <summary>Where every variable that is right stands in <see cref="Text"/>, those that a later line overrides included.</summary>
    public IReadOnlyList<DotEnvSpan> Spans => _spans;

    /// <summary>Reads all of it. A line that is wrong is noted, and the next one read.</summary>
    public DotEnvFile Parse()
    {
        while (_position < _text.Length)
        {
            ReadLine();
        }

        return new DotEnvFile(_entries, _warnings.Shown, _errors.Shown);
    }

    private void ReadLine()
    {
        var line = _line;
        var start = _position;
        var end = EndOfLine();
        var statement = _text.AsSpan(_position, end - _position).TrimStart();
        if (statement.IsWhiteSpace() || statement[0] == '#')
        {
            SkipTo(end);
            return;
        }

        if (statement.StartsWith("export") && statement.Length > 6 && statement[6] is ' ' or '\t')
        {
            statement = statement[6..].TrimStart();
        }

        var equals = statement.IndexOf('=');
        var name = equals < 0 ? default : statement[..equals].TrimEnd();
        var error = statement.Contains('\0') ? "there is a NUL character in this line"
            : equals < 0 ? "there is no '=' in this line; NAME=value is expected"
            : !EnvironmentNames.IsValid(name)
                ? "the name before '=' is not valid; letters, digits, '_', '-' and '.' are allowed, and a letter or '_' first"
            : null;
        if (error is not null)
        {
            Fail(line, error);
            SkipTo(end);
            return;
        }

        _position = _valueStart = end - (statement.Length - equals - 1);
        if (ReadValue(line) is { } value)
        {
            Add(name.ToString(), value, line);
            _spans.Add(new DotEnvSpan(name.ToString(), value, start, _valueStart, _valueEnd, _position));
        }
    }

    private string? ReadValue(int line)
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t')
        {
            _position++;
        }

        return _position < _text.Length && _text[_position] is '"' or '\''
            ? ReadQuoted(line)
            : ReadBare();
    }

    private string ReadBare()
    {
        var end = EndOfLine();
        var value = _text.AsSpan(_position, end - _position);
        var isFirst = _position > 0 && _text[_position - 1] is ' ' or '\t';
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '#' && (i == 0 ? isFirst : char.IsWhiteSpace(value[i - 1])))
            {
                value = value[..i];
                break;
            }
        }

        var trimmed = value.TrimEnd();

        // White space other than blanks and tabs counts as the value's: behind it a quote would not be one.
        _valueStart = trimmed.IsEmpty ? _valueStart : _position;
        _valueEnd = _valueStart + trimmed.Length;
        SkipTo(end);
        return trimmed.TrimStart().ToString();
    }

    private string? ReadQuoted(int line)
    {
        var start = _position;
        var quote = _text[_position++];
        var value = new StringBuilder();
        for (; _position < _text.Length && _text[_position] != quote; _position++)
        {
            var character = _text[_position];
            if (character == '\\' && quote == '"' && _position + 1 < _text.Length && Unescape(_text[_position + 1]) is { } escaped)
            {
                value.Append(escaped);
                _position++;
            }
            else
            {
                value.Append(character);
            }
        }

        if (_position == _text.Length)
        {
            // Nobody knows where it was to end; the lines after it are read as if it had ended with its own.
            _position = start;
            SkipTo(EndOfLine());
            Fail(line, $"the quote {quote} is never closed");
            return null;
        }

        _line += _text.AsSpan(start, _position - start).Count('\n');
        _position++;
        (_valueStart, _valueEnd) = (start, _position);
        var end = EndOfLine();
        var rest = _text.AsSpan(_position, end - _position).TrimStart();
        SkipTo(end);
        if (rest.Length > 0 && rest[0] != '#')
        {
            Fail(line, "there is text after the closing quote");
            return null;
        }

        if (value.ToString() is var result && result.Contains('\0', StringComparison.Ordinal))
        {
            Fail(line, "there is a NUL character in the value");
            return null;
        }

        return result;
    }

    private static char? Unescape(char character) => character switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '\\' or '"' or '$' => character,
        _ => null, // a Windows path, for example: the backslash stands for itself
    };

    private void Add(string name, string value, int line)
    {
        var entry = new DotEnvEntry(name, value, line);
        if (_indexes.TryGetValue(name, out var index))
        {
            _warnings.Add($"{_path}:{line}: {name} is set in line {_entries[index].Line} already; this line counts");
            _entries[index] = entry;
        }
        else
        {
            _indexes.Add(name, _entries.Count);
            _entries.Add(entry);
        }
    }

    private void Fail(int line, string reason) => _errors.Add($"{_path}:{line}: {reason}");

    private int EndOfLine() => _text.IndexOf('\n', _position) is var end and >= 0 ? end : _text.Length;

    /// <summary>Goes to the line after the one that ends at <paramref name="end"/>.</summary>
    private void SkipTo(int end)
    {
        _position = Math.Min(end + 1, _text.Length);
        _line++;
    }
}
