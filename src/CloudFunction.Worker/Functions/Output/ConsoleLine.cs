using System.Text;

namespace CloudFunction.Worker.Functions.Output;

/// <summary>A line in the making on one of the standard streams. Thread safe.</summary>
/// <param name="onLine">Given each line, without its end; never an empty one.</param>
internal sealed class ConsoleLine(Action<string> onLine)
{
    /// <summary>Of a longer line the rest is left out: one without an end must not take memory.</summary>
    public const int MaxLength = 8 * 1024;

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private bool _cut;
    private bool _ended;

    /// <summary>Adds what was written.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            int end;
            while ((end = text.IndexOf('\n')) >= 0)
            {
                Append(text[..end]);
                Send();
                text = text[(end + 1)..];
            }

            Append(text);
            if (_ended)
            {
                Send();
            }
        }
    }

    /// <summary>Sends what has no end yet. From now on nobody is taken to write the rest of a line: what comes leaves at once.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Send();
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        var room = MaxLength - _text.Length;
        _cut |= text.Length > room;
        _text.Append(text[..Math.Min(text.Length, room)]);
    }

    private void Send()
    {
        if (_cut)
        {
            if (char.IsHighSurrogate(_text[^1]))
            {
                _text.Length--; // Half a character.
            }

            _text.Append('…');
        }
        else if (_text.Length > 0 && _text[^1] == '\r')
        {
            _text.Length--;
        }

        var line = _text.Replace("\0", "\\0").ToString();
        _text.Clear();
        _cut = false;
        if (line.Length > 0)
        {
            onLine(line);
        }
    }
}
