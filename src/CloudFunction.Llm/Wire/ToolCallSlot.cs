namespace CloudFunction.Llm.Wire;

/// <summary>One tool call of a stream, as far as it has come.</summary>
/// <param name="index">Its place among the calls of the answer.</param>
internal sealed class ToolCallSlot(int index)
{
    private int _depth;
    private bool _isInText;
    private bool _isEscaped;

    public int Index => index;

    /// <summary>What the provider calls it, as far as it does.</summary>
    public long? WireIndex { get; init; }

    public string? WireId { get; private set; }

    public string? WireName { get; private set; }

    /// <summary>Whether a fragment of it has been passed on.</summary>
    public bool HasBegun { get; set; }

    public bool HasArguments { get; private set; }

    /// <summary>Whether its arguments have begun and not ended.</summary>
    public bool IsAmidArguments => _depth > 0;

    /// <summary>Whether its arguments are there.</summary>
    public bool IsWhole => HasArguments && _depth == 0;

    /// <summary>Adds what has come of it. Of its arguments it follows the brackets only, however long they get.</summary>
    public void Add(ToolCallFragment fragment)
    {
        WireId ??= fragment.Id;
        WireName ??= fragment.Name;
        foreach (var character in fragment.Arguments ?? "")
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
}
