namespace CloudFunction.Runtime.Hosting;

/// <summary>Something that starts and stops with the host. The order is that of <see cref="RuntimeParts"/>.</summary>
internal interface IRuntimePart
{
    /// <summary>Starts once all parts before it have started.</summary>
    /// <exception cref="CloudFunctionException">What an operator can mend.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops once all parts after it have stopped. Called once where a start was begun, even if that has failed. Does not throw.</summary>
    Task StopAsync();
}
