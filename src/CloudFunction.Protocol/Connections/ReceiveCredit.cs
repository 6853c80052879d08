namespace CloudFunction.Protocol.Connections;

/// <summary>How many bytes this side has room for, on a stream or on the connection. Thread safe.</summary>
/// <param name="window">The credit that the peer begins with, in bytes.</param>
internal struct ReceiveCredit(int window)
{
    private readonly int _window = window;
    private int _granted = window;
    private int _released;

    /// <summary>The peer has sent so many bytes.</summary>
    /// <exception cref="ProtocolException">It had no credit for them.</exception>
    public void Use(int bytes)
    {
        if (Interlocked.Add(ref _granted, -bytes) < 0)
        {
            throw new ProtocolException($"{bytes} bytes came for which there was no credit.");
        }
    }

    /// <summary>So many bytes were consumed and there is room for as many new ones.</summary>
    /// <returns>What to grant the peer now: 0 until half a window has come together, so that small messages cost no credit frames.</returns>
    public int Release(int bytes)
    {
        var released = Interlocked.Add(ref _released, bytes);
        if (released < _window / 2)
        {
            return 0;
        }

        var grant = Interlocked.Exchange(ref _released, 0);
        Interlocked.Add(ref _granted, grant);
        return grant;
    }
}
