using System.Text;
using System.Text.Json;

namespace CloudFunction.Llm.Wire;

/// <summary>One tool call of an answer, as far as it has come.</summary>
/// <param name="index">What the provider calls its place, as far as it does.</param>
internal sealed class ToolCallSlot(long? index)
{
    private readonly StringBuilder _joined = new();
    private string _last = "";
    private int _pieces;
    private int _depth;
    private bool _isInText;
    private bool _isEscaped;

    // Whether each piece of the arguments has been the one before it and more.
    private bool _grows = true;

    public long? Index => index;

    public string? Id { get; private set; }

    public string? Name { get; private set; }

    public bool HasArguments { get; private set; }

    /// <summary>Whether its arguments are there.</summary>
    public bool IsWhole => HasArguments && (IsRepeated ? IsJson(_last) || IsJson(_joined.ToString()) : _depth == 0);

    /// <summary>Its arguments, as a text of JSON where the provider has sent one: the pieces in their order, or the last one where each repeats
    /// what came before.</summary>
    public string Arguments
    {
        get
        {
            var joined = _joined.ToString();
            return !HasArguments ? "{}" : IsRepeated && !IsJson(joined) && IsJson(_last) ? _last : joined;
        }
    }

    private bool IsRepeated => _pieces > 1 && _grows;

    /// <summary>Adds what has come of it.</summary>
    public void Add(ToolCallFragment fragment)
    {
        Id ??= fragment.Id;
        Name = Name is null || fragment.Name is null ? Name ?? fragment.Name
            : fragment.Name.StartsWith(Name, StringComparison.Ordinal) ? fragment.Name
            : Name + fragment.Name;
        if (fragment.Arguments is not { Length: > 0 } arguments || Has(arguments))
        {
            return;
        }

        if (_joined.Equals("{}"))
        {
            _joined.Clear(); // Was there until the first piece.
            _last = "";
        }

        _grows &= arguments.StartsWith(_last, StringComparison.Ordinal);
        _last = arguments;
        _pieces++;
        _joined.Append(arguments);
        Follow(arguments);
    }

    /// <summary>Whether its arguments are whole, and these.</summary>
    public bool Has(string arguments) => IsWhole && (_joined.Equals(arguments) || (IsRepeated && _last == arguments));

    private void Follow(string arguments)
    {
        foreach (var character in arguments)
        {
            HasArguments |= !char.IsWhiteSpace(character);
            if (_isInText)
            {
                _isInText = _isEscaped || character != '"';
                _isEscaped = !_isEscaped && character == '\\';
            }
            else
            {
                _isInText = character == '"';
                _depth += character is '{' or '[' ? 1 : character is '}' or ']' ? -1 : 0;
            }
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
