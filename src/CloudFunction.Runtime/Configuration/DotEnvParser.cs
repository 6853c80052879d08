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
    private readonly IReadOnlyDictionary<string, string>? _environment;
    private int _position;
    private int _line = 1;
    private int _replacedLength;
    private int _valueStart;
    private int _valueEnd;

    /// <summary>Prepares for a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="environment">Where references to names are found that no earlier line sets; null: references stay as they are.</param>
    public DotEnvParser(string text, string path, IReadOnlyDictionary<string, string>? environment = null)
    {
        // Line ends are made one first, so that a quoted value of several lines is the same on every platform.
        _text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _path = path;
        _environment = environment;
        if (text.StartsWith('\uFEFF'))
        {
            Warn(1, "the file begins with a byte order mark, which is left out here and part of the first name in python-dotenv");
        }
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
        var statement = TrimStart(_text.AsSpan(_position, end - _position));
        if (statement.IsEmpty || statement[0] == '#')
        {
            SkipTo(end);
            return;
        }

        if (statement.StartsWith("export") && statement.Length > 6 && IsSpace(statement[6]))
        {
            statement = TrimStart(statement[6..]);
        }

        var equals = statement.IndexOf('=');
        var name = equals < 0 ? default : TrimEnd(statement[..equals]);
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
        if (ReadValue(line) is { } value && Replace(value, line) is { } text)
        {
            Add(name.ToString(), text, line);
            WarnOfDifferences(name, value, line);
            _spans.Add(new DotEnvSpan(name.ToString(), value.Text, start, _valueStart, _valueEnd, _position));
        }
    }

    private DotEnvValue? ReadValue(int line)
    {
        var begin = _position;
        while (_position < _text.Length && _text[_position] != '\n' && IsSpace(_text[_position]))
        {
            _position++;
        }

        return _position < _text.Length && _text[_position] is '"' or '\''
            ? ReadQuoted(line)
            : ReadBare(isBehindSpace: _position > begin);
    }

    private DotEnvValue ReadBare(bool isBehindSpace)
    {
        var end = EndOfLine();
        var value = _text.AsSpan(_position, end - _position);
        var isCommentAlone = isBehindSpace && value is ['#', ..];
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '#' && (i == 0 ? isBehindSpace : IsSpace(value[i - 1])))
            {
                value = value[..i];
                break;
            }
        }

        value = TrimEnd(value);
        _valueStart = value.IsEmpty ? _valueStart : _position;
        _valueEnd = _valueStart + value.Length;
        SkipTo(end);
        return isCommentAlone
            ? DotEnvValue.Bare("", "is empty, since '#' begins a comment, which is the value in python-dotenv: put it in quotes where it is meant")
            : DotEnvValue.Bare(value.ToString());
    }

    private DotEnvValue? ReadQuoted(int line)
    {
        var start = _position;
        var quote = _text[_position++];
        var value = new StringBuilder();
        List<string> differences = [];
        List<int> dollars = [];
        for (; _position < _text.Length && _text[_position] != quote; _position++)
        {
            var character = _text[_position];
            var next = character == '\\' && _position + 1 < _text.Length ? _text[_position + 1] : '\0';
            if ((quote == '"' ? Unescape(next) : UnescapeSingle(next)) is not { } escaped)
            {
                if (quote == '"' && next is 'a' or 'b' or 'f' or 'v')
                {
                    AddOnce(differences, $"has '\\{next}', which is a control character in python-dotenv: write '\\\\{next}'");
                }

                value.Append(character);
                continue;
            }

            if (next == '$')
            {
                AddOnce(differences, "has '\\$', which is '$' here and keeps its backslash in python-dotenv: use single quotes");
                dollars.Add(value.Length);
            }

            value.Append(escaped);
            _position++;
        }

        if (_position == _text.Length)
        {
            // Nobody knows where it was to end; the lines after it are read as if it had ended with its own.
            _position = start;
            SkipTo(EndOfLine());
            Fail(line, $"the quote {quote} is never closed");
            return null;
        }

        if (FindOtherEnd(start, quote) != _position)
        {
            differences.Add("ends with a backslash, behind which python-dotenv searches for another closing quote: write it without quotes");
        }

        _line += _text.AsSpan(start, _position - start).Count('\n');
        _position++;
        (_valueStart, _valueEnd) = (start, _position);
        var end = EndOfLine();
        var rest = TrimStart(_text.AsSpan(_position, end - _position));
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

        return new DotEnvValue(result, quote, differences, dollars);
    }

    /// <summary>Where python-dotenv ends a quoted value: at the first quote that no backslash precedes, else at the last one.</summary>
    private int FindOtherEnd(int start, char quote)
    {
        var last = -1;
        for (var i = start + 1; (i = _text.IndexOf(quote, i)) >= 0; i++)
        {
            last = i;
            if (i == start + 1 || _text[i - 1] != '\\')
            {
                break;
            }
        }

        return last;
    }

    private char? Unescape(char character) => character switch
    {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '\\' or '"' or '\'' => character,
        '$' when _environment is null => '$', // Where references are replaced, they are here too, as in python-dotenv.
        _ => null, // a Windows path, for example: the backslash stands for itself
    };

    private static char? UnescapeSingle(char character) => character is '\\' or '\'' ? character : null;

    private string? Replace(DotEnvValue value, int line)
    {
        if (_environment is null)
        {
            return value.Text;
        }

        if (DotEnvReferences.Replace(value.Text, FindValue, DotEnvFile.MaxBytes - _replacedLength) is not { } text)
        {
            Fail(line, $"with what its '${{…}}' stand for, the values are longer than {DotEnvFile.MaxBytes} characters");
            return null;
        }

        _replacedLength += text.Length;
        return text;
    }

    private string? FindValue(string name) =>
        _indexes.TryGetValue(name, out var index) ? _entries[index].Value : _environment!.GetValueOrDefault(name);

    private void WarnOfDifferences(ReadOnlySpan<char> name, DotEnvValue value, int line)
    {
        foreach (var difference in value.Differences)
        {
            Warn(line, $"{name} {difference}");
        }

        if (_environment is null && value.HasReference)
        {
            Warn(line, $"{name} has '${{…}}', which stays as it is written: ENV_INTERPOLATE=true replaces it, and single quotes mark it as text");
        }
    }

    private void Add(string name, string value, int line)
    {
        var entry = new DotEnvEntry(name, value, line);
        if (_indexes.TryGetValue(name, out var index))
        {
            Warn(line, $"{name} is set in line {_entries[index].Line} already; this line counts");
            _entries[index] = entry;
        }
        else
        {
            _indexes.Add(name, _entries.Count);
            _entries.Add(entry);
        }
    }

    private void Warn(int line, string what) => _warnings.Add($"{_path}:{line}: {what}");

    private void Fail(int line, string reason) => _errors.Add($"{_path}:{line}: {reason}");

    private int EndOfLine() => _text.IndexOf('\n', _position) is var end and >= 0 ? end : _text.Length;

    private static void AddOnce(List<string> differences, string difference)
    {
        if (!differences.Contains(difference))
        {
            differences.Add(difference);
        }
    }

    // Four separators of ASCII are white space to Python, and not to .NET.
    private static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    private static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && IsSpace(text[0]))
        {
            text = text[1..];
        }

        return text;
    }

    private static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && IsSpace(text[^1]))
        {
            text = text[..^1];
        }

        return text;
    }

    /// <summary>Goes to the line after the one that ends at <paramref name="end"/>.</summary>
    private void SkipTo(int end)
    {
        _position = Math.Min(end + 1, _text.Length);
        _line++;
    }
}
