using System.Threading.Channels;
using CloudFunction.Runtime.Logging;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Starts workers, and reports their ends.</summary>
internal sealed class WorkerLauncher(
    IWorkerRunner runner, WorkerRoster roster, string socketPath, ChannelWriter<SupervisorEvent> events, IWorkerOutputSink output, TimeProvider time)
{
    private int _lastId;

    /// <summary>Starts a worker.</summary>
    /// <param name="pool">The pool that it works for; null for one on standby.</param>
    public WorkerHandle Launch(WorkerPool? pool)
    {
        var worker = new WorkerHandle(WorkerEndpoint.Create(socketPath, $"w{++_lastId}"), pool, time.GetUtcNow(), events, output)
        {
            StateSince = time.GetTimestamp(),
            OwnProcess = pool is not null && runner.NeedsOwnWorker(pool),
        };
        roster.Add(worker);
        _ = Task.Run(() => RunAsync(worker)); // Starting a process takes milliseconds; it ends in an event.
        return worker;
    }

    private async Task RunAsync(WorkerHandle worker)
    {
        WorkerExit exit;
        try
        {
            exit = WorkerExit.With(await runner.RunAsync(worker).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            // No process could be started, or none could be watched: the worker is lost, and the reason is kept.
            exit = WorkerExit.NotRun(e.Message);
        }

        events.TryWrite(new SupervisorEvent.Exited(worker, exit));
    }
}
