using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Events 2000 to 2099: workers and their supervisor.</summary>
internal static partial class SupervisorLog
{
    [LoggerMessage(2001, LogLevel.Information, "Worker {WorkerId} ({Pid}) is ready with {Project} version {Version}, loaded in {Milliseconds} ms")]
    public static partial void Ready(ILogger logger, string workerId, int pid, string project, int version, long milliseconds);

    /// <summary>Logs a worker's end, whatever it ran.</summary>
    public static void Ended(ILogger logger, WorkerHandle worker, bool expected, int? exitCode, string reason)
    {
        switch (worker.Pool?.Deployment, expected)
        {
            case ({ } deployment, true):
                Stopped(logger, worker.Id, worker.Pid, deployment.Project, deployment.Version, exitCode, reason);
                break;
            case ({ } deployment, false):
                Crashed(logger, worker.Id, worker.Pid, deployment.Project, deployment.Version, exitCode, reason);
                break;
            case (null, true):
                StandbyStopped(logger, worker.Id, worker.Pid, exitCode, reason);
                break;
            default:
                StandbyCrashed(logger, worker.Id, worker.Pid, exitCode, reason);
                break;
        }
    }

    [LoggerMessage(
        2002, LogLevel.Information, "Worker {WorkerId} ({Pid}) of {Project} version {Version} has stopped with exit code {ExitCode}: {Reason}")]
    private static partial void Stopped(ILogger logger, string workerId, int pid, string project, int version, int? exitCode, string reason);

    [LoggerMessage(2003, LogLevel.Error, "Worker {WorkerId} ({Pid}) of {Project} version {Version} was lost with exit code {ExitCode}: {Reason}")]
    private static partial void Crashed(ILogger logger, string workerId, int pid, string project, int version, int? exitCode, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "Worker {WorkerId} ({Pid}) of {Project} is being replaced: {Reason}")]
    public static partial void Replacing(ILogger logger, string workerId, int pid, string? project, string reason);

    [LoggerMessage(
        2005, LogLevel.Error,
        "Project {Project} is unhealthy: its workers were lost {Count} times within {Seconds} s (error {ErrorId}). Last: {Reason}")]
    public static partial void Unhealthy(ILogger logger, string project, int count, int seconds, string errorId, string reason);

    [LoggerMessage(2006, LogLevel.Warning, "A connection to the workers' socket was refused: {Reason}")]
    public static partial void StrangerRefused(ILogger logger, string reason);

    [LoggerMessage(2007, LogLevel.Error, "Accepting a worker's connection failed: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);

    [LoggerMessage(2008, LogLevel.Warning, "Ended {Count} workers that an earlier host had left")]
    public static partial void OrphansEnded(ILogger logger, int count);

    [LoggerMessage(2009, LogLevel.Information, "Project {Project} is idle: its workers stop until the next call")]
    public static partial void Asleep(ILogger logger, string project);

    [LoggerMessage(2010, LogLevel.Error, "The supervisor met an unexpected failure")]
    public static partial void SupervisorFailed(ILogger logger, Exception exception);

    [LoggerMessage(2011, LogLevel.Debug, "Worker {WorkerId} ({Pid}): {From} to {To}")]
    public static partial void StateChanged(ILogger logger, string workerId, int pid, WorkerState from, WorkerState to);

    [LoggerMessage(
        2014, LogLevel.Warning,
        "Worker {WorkerId} of {Project} version {Version} waits for a debugger (WAIT_FOR_DEBUGGER): attach one to process {Pid}")]
    public static partial void WaitsForDebugger(ILogger logger, string workerId, int pid, string project, int version);

    [LoggerMessage(2012, LogLevel.Information, "Standby worker {WorkerId} ({Pid}) has stopped with exit code {ExitCode}: {Reason}")]
    private static partial void StandbyStopped(ILogger logger, string workerId, int pid, int? exitCode, string reason);

    [LoggerMessage(2013, LogLevel.Error, "Standby worker {WorkerId} ({Pid}) was lost with exit code {ExitCode}: {Reason}")]
    private static partial void StandbyCrashed(ILogger logger, string workerId, int pid, int? exitCode, string reason);
}
