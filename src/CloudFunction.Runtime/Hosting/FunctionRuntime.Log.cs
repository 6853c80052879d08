using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting;

/// <summary>Events 2300 to 2399.</summary>
internal static partial class FunctionRuntimeLog
{
    [LoggerMessage(2301, LogLevel.Information, "CloudFunction {Version}: projects in {ProjectsDirectory}, settings from {EnvFile}")]
    public static partial void Starting(ILogger logger, string version, string projectsDirectory, string envFile);

    [LoggerMessage(2302, LogLevel.Warning, "{Warning}")]
    public static partial void SettingWarning(ILogger logger, string warning);

    [LoggerMessage(2303, LogLevel.Warning, "The time for running calls is up (TIMEOUT_GRACEFUL_SHUTDOWN): the rest is cut")]
    public static partial void CuttingCalls(ILogger logger);

    [LoggerMessage(2304, LogLevel.Error, "Reading {ProjectsDirectory} failed")]
    public static partial void ScanFailed(ILogger logger, string projectsDirectory, Exception exception);

    [LoggerMessage(2305, LogLevel.Error, "Starting project {Project} failed unexpectedly")]
    public static partial void StartFailed(ILogger logger, string project, Exception exception);

    [LoggerMessage(2306, LogLevel.Information, "Setting {Setting}={Value} ({WrittenName} in {Source})")]
    public static partial void SettingInForce(ILogger logger, string setting, string value, string writtenName, string source);

    [LoggerMessage(2307, LogLevel.Information, "Settings at their defaults: {Settings}")]
    public static partial void DefaultsInForce(ILogger logger, string settings);

    [LoggerMessage(2308, LogLevel.Warning, "Removing what is no longer needed failed ({Reason}); it is tried again")]
    public static partial void CleanupFailed(ILogger logger, string reason);

    [LoggerMessage(2309, LogLevel.Warning, "Projects run in this process and nothing isolates them (ISOLATION=none): for debugging alone")]
    public static partial void NotIsolated(ILogger logger);

    [LoggerMessage(2311, LogLevel.Warning, "{Warning}")]
    public static partial void FoldersAreOpen(ILogger logger, string warning);

    [LoggerMessage(2312, LogLevel.Error, "The disk of {Folders} is full: what needs room there fails until there is some")]
    public static partial void DisksAreFull(ILogger logger, string folders);
}
