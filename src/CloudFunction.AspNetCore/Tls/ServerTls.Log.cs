using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Tls;

/// <summary>Events 7301 to 7399.</summary>
internal sealed partial class ServerTls
{
    [LoggerMessage(7301, LogLevel.Information, "TLS: certificate of {Subject}, valid until {NotAfter:u}, from {File}")]
    private partial void LogLoaded(string subject, DateTime notAfter, string file);

    [LoggerMessage(7302, LogLevel.Warning, "TLS: the certificate of {Subject} in {File} {Problem}: clients will refuse it")]
    private partial void LogTimeProblem(string subject, string file, string problem);

    [LoggerMessage(7303, LogLevel.Error, "TLS: the changed files cannot be used, and the certificate of before stays: {Problem}")]
    private partial void LogKept(string problem);
}
