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
    // Of each sweep that has failed, why; it is logged again for another reason, or once it has worked in between.
    private readonly Dictionary<string, string> _failures = new(StringComparer.Ordinal);

    /// <summary>Sweeps until it is cancelled; does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            await SweepAsync(nameof(leftovers), leftovers.SweepAsync).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                await SweepAsync(nameof(projects), projects.CleanUpAsync).ConfigureAwait(false);
                await SweepAsync(nameof(leftovers), leftovers.SweepAsync).ConfigureAwait(false);
                await SweepAsync(nameof(ledger), ForgetWorkersAsync).ConfigureAwait(false);
                await SweepAsync(nameof(tasks), () => tasks.SweepAsync(time.GetUtcNow() - taskRetention, stopping)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private Task ForgetWorkersAsync()
    {
        ledger.ForgetEnded();
        return Task.CompletedTask;
    }

    // Each by itself: what one cannot remove is no reason to leave the rest. The next round tries again.
    private async Task SweepAsync(string name, Func<Task> remove)
    {
        try
        {
            await remove().ConfigureAwait(false);
            _failures.Remove(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TaskStoreException)
        {
            if (_failures.GetValueOrDefault(name) != e.Message)
            {
                _failures[name] = e.Message;
                FunctionRuntimeLog.CleanupFailed(logger, e.Message);
            }
        }
    }
}
