using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Has connected workers load their deployments, and takes what comes of it.</summary>
internal sealed class WorkerLoader(CloudFunctionOptions options, WorkerLifecycle lifecycle, TimeProvider time, ILogger logger)
{
    /// <summary>Has a worker on standby load its pool's deployment.</summary>
    public void Load(WorkerHandle worker, WorkerPool pool)
    {
        lifecycle.Move(worker, WorkerState.Loading);
        var deployment = pool.Deployment;
        worker.Link!.Load(new LoadMessage(
            deployment.Project, deployment.Version, deployment.Directory, deployment.Manifest.Contents.EntryAssembly, pool.DataDirectory,
            pool.Describe && !pool.FirstReady.Task.IsCompleted, pool.Environment.ToDictionary(p => p.Key, p => (string?)p.Value))
        {
            WaitForDebugger = options.WaitForDebugger,
            Startup = pool.Startup,
        });
        if (options.WaitForDebugger)
        {
            SupervisorLog.WaitsForDebugger(logger, worker.Id, worker.Pid, deployment.Project, deployment.Version);
        }
    }

    /// <summary>A worker has loaded its deployment: it takes calls from now on.</summary>
    public void Complete(WorkerHandle worker, ReadyMessage ready)
    {
        if (worker.State != WorkerState.Loading || worker.Pool is not { } pool)
        {
            return;
        }

        var loading = (long)time.GetElapsedTime(worker.StateSince).TotalMilliseconds;
        lifecycle.Move(worker, WorkerState.Ready);
        SupervisorLog.Ready(logger, worker.Id, worker.Pid, pool.Deployment.Project, pool.Deployment.Version, loading);
        pool.FirstReady.TrySetResult(ready);
        pool.Refresh();
    }

    /// <summary>A worker cannot load its deployment: it is of no use.</summary>
    public static void Fail(WorkerHandle worker, LoadFailedMessage failure)
    {
        if (worker.State != WorkerState.Loading)
        {
            return;
        }

        worker.EndReason = $"The deployment does not load: {failure.Message}";
        var code = failure.Dependency ? DeploymentErrorCode.DependencyError : DeploymentErrorCode.Invalid;
        WorkerLosses.FailLoad(
            worker, new DeploymentException(code, failure.Message) { Exception = failure.Exception, StandardError = worker.StandardError?.Tail });
        worker.Kill();
    }
}
