using System.Buffers;

namespace CloudFunction.Worker.Functions;

/// <summary>Items as one JSON array, for callers that want a single result.</summary>
/// <param name="output">Bounds the whole.</param>
internal sealed class ItemArray(IBufferWriter<byte> output) : ItemOutput
{
    private bool _isOpen;

    public override bool HasUnsent => false;

    public override bool IsFull => false;

    public override IBufferWriter<byte> Begin()
    {
        Write(_isOpen ? (byte)',' : (byte)'[');
        _isOpen = true;
        return output;
    }

    public override void End()
    {
        // The next one, or the end, brings what stands behind it.
    }

    public override void RollBack()
    {
        // The whole is thrown away.
    }

    public override ValueTask SendAsync(CancellationToken cancellationToken) => default;

    /// <summary>Ends the array.</summary>
    public void Close()
    {
        if (!_isOpen)
        {
            Write((byte)'[');
        }

        Write((byte)']');
    }

    private void Write(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
