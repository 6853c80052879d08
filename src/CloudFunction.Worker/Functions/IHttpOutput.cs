namespace CloudFunction.Worker.Functions;

/// <summary>Where an HTTP function's response goes. For one writer.</summary>
internal interface IHttpOutput
{
    /// <summary>Sends status and headers; once, before all else.</summary>
    void Start(int status, IReadOnlyList<KeyValuePair<string, string>> headers);

    /// <summary>Sends a part of the body; waits while the client has no room for it.</summary>
    /// <exception cref="OperationCanceledException">One of the tokens fired.</exception>
    /// <exception cref="IOException">The host is gone.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken);

    /// <summary>Sends what follows the body.</summary>
    void SendTrailers(IReadOnlyList<KeyValuePair<string, string>> trailers);
}
