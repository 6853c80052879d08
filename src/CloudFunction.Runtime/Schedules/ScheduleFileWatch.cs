using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Configuration.Yaml;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Puts the schedule file in force, and again whenever it has changed. A broken one changes nothing; one that is gone
/// has no schedules.</summary>
/// <param name="file">The file.</param>
/// <param name="defaultTimeZone">SCHEDULER_TIMEZONE.</param>
/// <param name="apply">Gets what the file defines.</param>
/// <param name="time">For all waiting.</param>
/// <param name="logger">Where to log what changed, and mistakes.</param>
internal sealed partial class ScheduleFileWatch(
    WatchedFile file, string defaultTimeZone, Func<IReadOnlyList<ScheduleDefinition>, CancellationToken, Task> apply, TimeProvider time,
    ILogger<ScheduleFileWatch> logger)
{
    // By polling, not by the system's notifications: these are lost on network disks and where a mounted file is replaced.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // An editor that replaces a file removes it for a moment.
    private int _pollsWithoutFile;

    /// <summary>Reads the file for the first time.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => ReadAsync(isFirst: true, cancellationToken);

    /// <summary>Watches until it is cancelled; does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                await PollAsync(stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    /// <summary>Checks once.</summary>
    public Task PollAsync(CancellationToken stopping)
    {
        _pollsWithoutFile = file.IsGone() ? _pollsWithoutFile + 1 : 0;
        return file.HasChanged() || _pollsWithoutFile > 1 ? ReadAsync(isFirst: false, stopping) : Task.CompletedTask;
    }

    private async Task ReadAsync(bool isFirst, CancellationToken stopping)
    {
        try
        {
            _pollsWithoutFile = 0;
            var definitions = file.Note() ? ScheduleFile.Parse(YamlFile.ReadText(file.Path), file.Path, defaultTimeZone) : [];
            await apply(definitions, stopping).ConfigureAwait(false);
            if (!isFirst || definitions.Count > 0)
            {
                LogApplied(file.Path, definitions.Count);
            }
        }
        catch (ConfigurationFileException e)
        {
            LogRefused(file.Path);
            foreach (var error in e.Errors)
            {
                LogMistake(error);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogUnexpected(e, file.Path); // The edge of one poll: the next change is read again.
        }
    }

    [LoggerMessage(2560, LogLevel.Information, "{File} is in force, with {Count} schedules")]
    private partial void LogApplied(string file, int count);

    [LoggerMessage(2561, LogLevel.Error, "{File} is wrong: the schedules that were in force stay so")]
    private partial void LogRefused(string file);

    [LoggerMessage(2562, LogLevel.Error, "{Mistake}")]
    private partial void LogMistake(string mistake);

    [LoggerMessage(2563, LogLevel.Error, "{File} could not be put in force")]
    private partial void LogUnexpected(Exception exception, string file);
}
