namespace CloudFunction.Protocol.Connections;

/// <summary>How many bytes this side has room for, on a stream, on the connection or in the log. Thread safe.</summary>
/// <param name="window">The credit that the peer begins with, in bytes.</param>
/// <param name="batch">What is granted again at once at least, in bytes; half a window or less, so that the peer always has some left.</param>
internal struct ReceiveCredit(int window, int batch)
{
    private readonly int _batch = batch;
    private int _granted = window;
    private int _released;

    /// <summary>Grants half a window at once.</summary>
    public ReceiveCredit(int window)
        : this(window, window / 2)
    {
    }

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
    /// <returns>What to grant the peer now: 0 until a batch has come together, so that small messages cost no credit frames.</returns>
    public int Release(int bytes)
    {
        var released = Interlocked.Add(ref _released, bytes);
        if (released < _batch)
        {
            return 0;
        }

        var grant = Interlocked.Exchange(ref _released, 0);
        Interlocked.Add(ref _granted, grant);
        return grant;
    }
}
