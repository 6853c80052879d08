using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Hosting;

internal sealed partial class ServerSettingsNotice
{
    [LoggerMessage(7001, LogLevel.Warning, "Set, but not in force: {Settings}. This app configures its server itself; call builder.AddCloudFunctionServer() to apply them.")]
    private partial void LogNotInForce(string settings);
}
