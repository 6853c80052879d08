namespace CloudFunction.Runtime.Hosting;

/// <summary>Another host uses the data directory.</summary>
internal sealed class HostLockedException(string dataDirectory, Exception innerException) : CloudFunctionException(
    $"Another host uses the data directory '{dataDirectory}'. Stop it, or give this one its own DATA_DIR and DEPLOYMENTS_DIR.", innerException)
{
    /// <summary>The directory.</summary>
    public string DataDirectory { get; } = dataDirectory;
}
