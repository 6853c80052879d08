using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Workers.Processes;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Removes from time to time what is no longer needed.</summary>
internal sealed class CleanupPart(
    CloudFunctionOptions options, ProjectFolders projects, ProjectLeftovers leftovers, ITaskStore tasks, WorkerLedger ledger,
    RuntimeStopping stopping, TimeProvider time, ILoggerFactory loggers) : IRuntimePart
{
    private readonly CleanupSweep _sweep = new(
        options.CleanupInterval, projects, leftovers, tasks, options.TaskRetention, ledger, time, loggers.CreateLogger(FunctionRuntime.LoggerName));

    private Task _cleaning = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _cleaning = Task.Run(() => _sweep.RunAsync(stopping.Token), CancellationToken.None); // Much may be to be removed; the start goes on.
        return Task.CompletedTask;
    }

    public async Task StopAsync() => await _cleaning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
