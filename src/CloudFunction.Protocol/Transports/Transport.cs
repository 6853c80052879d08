namespace CloudFunction.Protocol.Transports;

/// <summary>
/// A duplex stream of bytes. One thread receives and one thread sends at a time; receiving and sending may meet.
/// <see cref="Close"/> may come from any thread at any time and ends what blocks.
/// </summary>
internal abstract class Transport
{
    /// <summary>Blocks until there is at least one byte.</summary>
    /// <returns>How many bytes came; 0 once the peer has ended or this side was closed.</returns>
    /// <exception cref="IOException">The transport failed.</exception>
    public abstract int Receive(Span<byte> buffer);

    /// <summary>Sends what can be sent without blocking.</summary>
    /// <returns>How many bytes were taken, 0 where it would have to block (or cannot find out).</returns>
    /// <exception cref="IOException">The transport failed or is closed.</exception>
    public abstract int TrySend(ReadOnlySpan<byte> data);

    /// <summary>Sends everything, blocking as long as it takes.</summary>
    /// <exception cref="IOException">The transport failed or is closed.</exception>
    public abstract void Send(ReadOnlySpan<byte> data);

    /// <summary>Ends both directions. Does nothing the second time.</summary>
    public abstract void Close();
}
