namespace CloudFunction.Runtime.Configuration;

/// <summary>A store that is made with the host's services and opened when the host starts, once the data directory is its own.</summary>
internal interface IHostStore
{
    /// <summary>Opens it and reads what an earlier host has left. Blocks while it does.</summary>
    /// <exception cref="CloudFunctionException">It cannot be used, and was left as it is.</exception>
    /// <exception cref="IOException">The disk fails.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not use its files.</exception>
    void Open();

    /// <summary>Writes what waits and closes it; does nothing where it was not opened or is closed.</summary>
    Task CloseAsync();
}
