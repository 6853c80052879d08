using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Workers;

/// <summary>What the supervisor goes by.</summary>
/// <param name="Options">The settings in force.</param>
/// <param name="MinLogLevel">The lowest level that workers send.</param>
internal sealed record SupervisorSettings(CloudFunctionOptions Options, Microsoft.Extensions.Logging.LogLevel MinLogLevel)
{
    /// <summary>How long a function may ignore its token before its worker is replaced.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a drained worker may take to stop its services and exit.</summary>
    public TimeSpan ExitTimeout { get; init; } = TimeSpan.FromSeconds(6);
}
