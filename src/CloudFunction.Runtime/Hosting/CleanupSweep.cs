using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Workers.Processes;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting;

/// <summary>
/// Removes at each CLEANUP_INTERVAL what is no longer needed and what was missed when it should have gone: versions beyond KEEP_VERSIONS, tasks
/// that finished TASK_RETENTION ago, what copies that were cut short have left, records of workers that have ended; and, at the start too, what
/// projects that are gone have left. Idle workers are the supervisor's own concern, which checks far more often.
/// </summary>
internal sealed class CleanupSweep(
    TimeSpan interval, ProjectFolders projects, ProjectLeftovers leftovers, ITaskStore tasks, TimeSpan taskRetention, WorkerLedger ledger,
    TimeProvider time, ILogger logger)
{
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);

    /// <summary>Sweeps until it is cancelled; does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            await SweepAsync(leftovers.SweepAsync).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                await SweepAsync(projects.CleanUpAsync).ConfigureAwait(false);
                await SweepAsync(leftovers.SweepAsync).ConfigureAwait(false);
                await SweepAsync(ForgetWorkersAsync).ConfigureAwait(false);
                await SweepTasksAsync(stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task SweepTasksAsync(CancellationToken stopping)
    {
        try
        {
            await tasks.SweepAsync(time.GetUtcNow() - taskRetention, stopping).ConfigureAwait(false);
        }
        catch (TaskStoreException e)
        {
            LogFailed(e.Message);
        }
    }

    private Task ForgetWorkersAsync()
    {
        ledger.ForgetEnded();
        return Task.CompletedTask;
    }

    // Each by itself: what one cannot remove is no reason to leave the rest.
    private async Task SweepAsync(Func<Task> remove)
    {
        try
        {
            await remove().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFailed(e.Message);
        }
    }

    // The next round tries again; one that fails for the same reason has nothing to add.
    private void LogFailed(string reason)
    {
        if (_logged.Add(reason))
        {
            FunctionRuntimeLog.CleanupFailed(logger, reason);
        }
    }
}
