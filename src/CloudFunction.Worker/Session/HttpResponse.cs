using System.Buffers;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Session;

/// <summary>An HTTP function's response on its way to the host.</summary>
internal sealed class HttpResponse(FrameConnection connection, RunningInvocation invocation) : IHttpOutput
{
    public void Start(int status, IReadOnlyList<KeyValuePair<string, string>> headers) =>
        Send(FrameType.Head, new HeadMessage(status, headers), "headers");

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        // The client may go while this waits for room, and the function may have given no token.
        using var both = cancellationToken.CanBeCanceled && cancellationToken != invocation.Token
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, invocation.Token)
            : null;
        await connection.SendPayloadAsync(
            invocation.StreamId, invocation.SendCredit, new ReadOnlySequence<byte>(part), last: false, both?.Token ?? invocation.Token)
            .ConfigureAwait(false);
    }

    public void SendTrailers(IReadOnlyList<KeyValuePair<string, string>> trailers) =>
        Send(FrameType.Trailers, new HeadMessage(0, trailers), "trailers");

    private void Send(FrameType type, HeadMessage message, string what)
    {
        var bytes = message.Encode();
        if (bytes.Length > FrameHeader.MaxPayloadBytes)
        {
            throw new InvalidOperationException($"The response's {what} take {bytes.Length} bytes, and {FrameHeader.MaxPayloadBytes} can be sent.");
        }

        connection.Send(type, invocation.StreamId, bytes);
    }
}
