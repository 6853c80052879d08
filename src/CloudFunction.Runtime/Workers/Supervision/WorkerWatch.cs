using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Ends workers that do not start, load or answer in time.</summary>
internal sealed class WorkerWatch(CloudFunctionOptions options, TimeProvider time)
{
    // Often enough for the limit, and for the figures that come with each answer.
    private static readonly TimeSpan MaxPingInterval = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _pingInterval = options.WorkerPingTimeout / 4 < MaxPingInterval ? options.WorkerPingTimeout / 4 : MaxPingInterval;
    private long _lastPing;

    /// <summary>Checks all workers, and pings them where it is time.</summary>
    public void Check(IEnumerable<WorkerHandle> workers, long now)
    {
        var ping = time.GetElapsedTime(_lastPing, now) >= _pingInterval;
        if (ping)
        {
            _lastPing = now;
        }

        foreach (var worker in workers)
        {
            CheckStart(worker, now);
            CheckAnswer(worker, ping);
        }
    }

    private void CheckStart(WorkerHandle worker, long now)
    {
        if (options.WaitForDebugger || worker.State is not (WorkerState.Starting or WorkerState.Loading)
            || time.GetElapsedTime(worker.StateSince, now) <= options.NotifyTimeout)
        {
            return;
        }

        worker.EndReason = worker.State == WorkerState.Starting
            ? "It did not connect in time (TIMEOUT_NOTIFY)."
            : "It did not load the deployment in time (TIMEOUT_NOTIFY).";
        WorkerLosses.FailLoad(
            worker, new DeploymentException(DeploymentErrorCode.Invalid, worker.EndReason) { StandardError = worker.StandardError?.Tail });
        worker.Kill();
    }

    private void CheckAnswer(WorkerHandle worker, bool ping)
    {
        if (worker.Link is not { } link || worker.DrainSent)
        {
            return;
        }

        if (link.SinceLastPong > options.WorkerPingTimeout && !worker.Debugged && !options.WaitForDebugger)
        {
            worker.EndReason = $"It answered no ping for {options.WorkerPingTimeout.TotalSeconds:0.#} s (WORKER_PING_TIMEOUT).";
            worker.Kill();
        }
        else if (ping)
        {
            link.Ping();
        }
    }
}
