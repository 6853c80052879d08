using CloudFunction.Runtime.Configuration.Yaml;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Puts a changed logging file in force while the host runs. A broken one changes nothing.</summary>
internal sealed class LoggingFileWatch(LoggingFile file, LogPipeline pipeline, TimeProvider time, ILogger<LoggingFileWatch> logger)
    : IHostedService, IDisposable
{
    // By polling, not by the system's notifications: these are lost on network disks and where a mounted file is replaced.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _watching = WatchAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Checks once.</summary>
    public void Check()
    {
        try
        {
            if (file.HasChanged())
            {
                pipeline.Apply(file.Read());
                LoggingFileWatchLog.Reloaded(logger, file.Path);
            }
        }
        catch (ConfigurationFileException e)
        {
            LoggingFileWatchLog.Refused(logger, file.Path);
            foreach (var error in e.Errors)
            {
                LoggingFileWatchLog.Mistake(logger, error);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LoggingFileWatchLog.Unreadable(logger, file.Path, e.Message);
        }
        catch (Exception e)
        {
            LoggingFileWatchLog.Unexpected(logger, file.Path, e); // The edge of one check: the next change is read again.
        }
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                Check();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
