using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Decides what follows for a pool when a worker of it is lost.</summary>
internal sealed class WorkerLosses(TimeProvider time, ILogger logger)
{
    /// <summary>Records that a worker has ended without being asked to. The first one of a pool that never was ready has failed to load; after that
    /// the next one is started later each time, until there were too many.</summary>
    public void Record(WorkerHandle worker, WorkerPool pool, WorkerExit exit, string reason)
    {
        if (pool.FirstReady.Task.IsCompleted)
        {
            RecordCrash(pool, reason);
            return;
        }

        FailLoad(worker, new DeploymentException(DeploymentErrorCode.Invalid, $"The worker ended while it was loading the deployment. {reason}")
        {
            ExitCode = exit.Code,
            StandardError = worker.StandardError?.Tail,
        });
    }

    /// <summary>Fails the load of a worker's pool, where none of its workers ever was ready. It is not tried again in a loop: what does not load now
    /// will not load next time.</summary>
    public static void FailLoad(WorkerHandle worker, DeploymentException error)
    {
        if (worker.Pool is { } pool && pool.FirstReady.TrySetException(error))
        {
            pool.Wanted = false;
            pool.LastError = error.Message;
        }
    }

    private void RecordCrash(WorkerPool pool, string reason)
    {
        pool.LastError = reason;
        if (pool.Crashes.Record() is { } delay)
        {
            pool.NotBefore = time.After(delay);
            return;
        }

        pool.Wanted = false;
        var seconds = (int)CrashHistory.Window.TotalSeconds;
        pool.Unhealthy = Rejection.Unhealthy(
            $"The workers of this project were lost {CrashHistory.MaxCrashes} times within {seconds} s; "
            + $"deploy it anew or restart it. Last: {reason}");
        SupervisorLog.Unhealthy(logger, pool.Deployment.Project, CrashHistory.MaxCrashes, seconds, pool.Unhealthy.Id!, reason);
    }
}
