using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Routes;

internal sealed partial class ManagementGuard
{
    [LoggerMessage(7201, LogLevel.Information, "Refused {Endpoint} with {Status}: {Reason}")]
    private partial void LogRefused(string? endpoint, int status, string reason);
}
