using System.Net.Sockets;

namespace CloudFunction.Protocol.Transports;

/// <summary>
/// A connected stream socket, used with blocking calls only: a reader that blocks in the kernel is woken once for each message,
/// where an asynchronous one is woken by the event loop first and by the thread pool again.
/// </summary>
/// <param name="socket">Owned from now on. No asynchronous operation may ever have run on it, since that would make it non-blocking.</param>
internal sealed class SocketTransport(Socket socket) : Transport
{
    private int _closed;

    public override int Receive(Span<byte> buffer)
    {
        try
        {
            return socket.Receive(buffer, SocketFlags.None, out var error) switch
            {
                var n when error == SocketError.Success => n,
                _ when Volatile.Read(ref _closed) != 0 || IsEnd(error) => 0,
                _ => throw new IOException($"Receiving from the socket failed: {error}."),
            };
        }
        catch (ObjectDisposedException)
        {
            return 0; // Closed from this side while the call was on its way.
        }
    }

    public override int TrySend(ReadOnlySpan<byte> data)
    {
        if (OperatingSystem.IsWindows())
        {
            return 0; // Winsock has no flag for one call: the sending thread takes it.
        }

        try
        {
            return UnixSocket.TrySend(socket.SafeHandle, data);
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException("The socket is closed.", e);
        }
    }

    public override void Send(ReadOnlySpan<byte> data)
    {
        try
        {
            while (!data.IsEmpty)
            {
                var sent = socket.Send(data, SocketFlags.None, out var error);
                if (error != SocketError.Success)
                {
                    throw new IOException($"Sending to the socket failed: {error}.");
                }

                data = data[sent..];
            }
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException("The socket is closed.", e);
        }
    }

    public override void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        try
        {
            socket.Shutdown(SocketShutdown.Both); // Wakes a thread that blocks in Receive or Send.
        }
        catch (SocketException)
        {
            // The peer was faster; there is nothing left to shut down.
        }

        socket.Dispose();
    }

    private static bool IsEnd(SocketError error) =>
        error is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.OperationAborted
            or SocketError.Interrupted or SocketError.NotConnected;
}
