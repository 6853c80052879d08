namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>Makes one try of a callback.</summary>
internal interface ICallbackSender
{
    /// <summary>Makes the try.</summary>
    /// <param name="callback">Whose URL gets the POST.</param>
    /// <param name="body">The finished task, as JSON in UTF-8.</param>
    /// <param name="cancellationToken">Cuts the try, which then uses up none.</param>
    /// <returns>What it came to; whatever the receiver and the network do, no exception.</returns>
    /// <exception cref="OperationCanceledException">It was cut.</exception>
    Task<CallbackOutcome> SendAsync(Callback callback, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
