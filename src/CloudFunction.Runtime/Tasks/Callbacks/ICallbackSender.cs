namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>Makes one try of a callback.</summary>
internal interface ICallbackSender
{
    /// <summary>Makes the try.</summary>
    /// <param name="callback">The callback.</param>
    /// <param name="body">The finished task, as JSON in UTF-8.</param>
    /// <param name="cancellationToken">Cuts it.</param>
    /// <returns>What it came to; whatever the receiver and the network do, no exception.</returns>
    /// <exception cref="OperationCanceledException">It was cut.</exception>
    Task<CallbackOutcome> SendAsync(Callback callback, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
