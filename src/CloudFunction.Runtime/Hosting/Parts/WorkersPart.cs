using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Workers;
using CloudFunction.Runtime.Workers.Processes;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Starts the supervisor of workers, and ends them all.</summary>
internal sealed class WorkersPart(WorkerExecutable executable, WorkerSupervisor supervisor, LogPipeline log) : IRuntimePart
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        executable.Locate();
        supervisor.Start();
        log.LowestProjectLevelChanged += OnLowestLevelChanged;
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        log.LowestProjectLevelChanged -= OnLowestLevelChanged;
        await supervisor.DisposeAsync().ConfigureAwait(false);
    }

    private void OnLowestLevelChanged() => supervisor.SetLogLevel(EventLevel.ToLogLevel(log.LowestProjectLevel));
}
