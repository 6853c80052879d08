using System.Buffers;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Session;

/// <summary>Items on their way to the host, as the caller wants them written: a line each, or a server-sent event.</summary>
/// <param name="connection">The host.</param>
/// <param name="invocation">Whose items.</param>
/// <param name="unsent">Keeps those that have not left, and bounds how large one may be; its maker's to dispose of.</param>
internal sealed class ItemStream(FrameConnection connection, RunningInvocation invocation, PayloadBuffer unsent) : ItemOutput
{
    // Half a frame: what comes without waiting leaves in few frames, and the next items are made while these are read.
    private const int FullBytes = FrameHeader.MaxPayloadBytes / 2;

    private OneLineWriter? _line;
    private bool _isBroken;

    public override bool HasUnsent => unsent.Length > 0;

    public override bool IsFull => unsent.Length >= FullBytes;

    private bool IsEvents => invocation.Items == ItemEncoding.Events;

    public override IBufferWriter<byte> Begin()
    {
        unsent.Mark();
        if (IsEvents)
        {
            unsent.Write("data: "u8);
        }

        return _line ??= new OneLineWriter(unsent);
    }

    public override void End() => unsent.Write(IsEvents ? "\n\n"u8 : "\n"u8);

    public override void RollBack() => unsent.Rewind();

    public override async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        _isBroken = true; // A part may have been sent: what follows a failure would stand behind half an item.
        await connection.SendPayloadAsync(
            invocation.StreamId, invocation.SendCredit, unsent.Written, last: false, cancellationToken).ConfigureAwait(false);
        _isBroken = false;
        unsent.Clear();
    }

    /// <summary>Sends what came before a failure, as far as that is possible; does not throw.</summary>
    public async ValueTask SendRestAsync()
    {
        if (_isBroken || !HasUnsent)
        {
            return;
        }

        try
        {
            await SendAsync(invocation.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Nobody waits for it any more.
        }
    }
}
