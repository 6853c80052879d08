using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Workers;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Reports the settings, makes the folders they name, takes the data directory for this host alone, and makes the folder of its
/// socket.</summary>
internal sealed class DataDirectoryPart(EffectiveSettings settings, SocketDirectory sockets, ILoggerFactory loggers) : IRuntimePart
{
    private readonly ILogger _logger = loggers.CreateLogger(FunctionRuntime.LoggerName);
    private HostLock? _lock;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Report();
        if (SettingsDirectories.Prepare(settings) is { Count: > 0 } full)
        {
            FunctionRuntimeLog.DisksAreFull(_logger, string.Join(", ", full));
        }

        _lock = HostLock.Take(settings.Options.DataDirectory);
        DataFormat.Check(settings.Options);
        sockets.Create(); // Also the first that is written: a full disk is found here.
        return Task.CompletedTask;
    }

    public Task StopAsync()
    {
        sockets.Dispose();
        _lock?.Dispose();
        return Task.CompletedTask;
    }

    private void Report()
    {
        var options = settings.Options;
        FunctionRuntimeLog.Starting(_logger, FunctionRuntime.ProductVersion, options.ProjectsDirectory, settings.EnvFilePath ?? "no .env file");
        foreach (var warning in settings.Warnings)
        {
            FunctionRuntimeLog.SettingWarning(_logger, warning);
        }

        SettingsReport.Write(settings, _logger);
        if (options.Isolation == WorkerIsolation.None)
        {
            FunctionRuntimeLog.NotIsolated(_logger);
        }

        if (FolderRights.FindWarning(options, settings.EnvFilePath) is { } rights)
        {
            FunctionRuntimeLog.FoldersAreOpen(_logger, rights); // Before those that are missing are made.
        }
    }
}
