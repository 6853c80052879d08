using System.Buffers;

namespace CloudFunction.Worker.Functions;

/// <summary>Keeps JSON on one line: converters may write raw text with line ends in it, which mean nothing there and become spaces.</summary>
internal sealed class OneLineWriter(IBufferWriter<byte> output) : IBufferWriter<byte>
{
    private Memory<byte> _last;

    public void Advance(int count)
    {
        var written = _last.Span[..count];
        while (written.IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and var end)
        {
            written[end] = (byte)' ';
            written = written[(end + 1)..];
        }

        _last = default;
        output.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _last = output.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
