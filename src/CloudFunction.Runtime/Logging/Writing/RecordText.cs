using System.Text;

namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>What formatters write to: text that is used again for the next record. For one thread.</summary>
internal sealed class RecordText : TextWriter
{
    private const int MaxKeptChars = 256 * 1024; // A huge record's room is not kept for those that follow.

    private char[] _text = new char[1024];
    private int _length;

    public RecordText()
        : base(System.Globalization.CultureInfo.InvariantCulture)
    {
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<char> Written => _text.AsSpan(0, _length);

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _length = 0;
        if (_text.Length > MaxKeptChars)
        {
            _text = new char[1024];
        }
    }

    public override void Write(char value)
    {
        Reserve(1);
        _text[_length++] = value;
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Reserve(buffer.Length);
        buffer.CopyTo(_text.AsSpan(_length));
        _length += buffer.Length;
    }

    private void Reserve(int count)
    {
        if (_text.Length - _length < count)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _length + count));
        }
    }
}
