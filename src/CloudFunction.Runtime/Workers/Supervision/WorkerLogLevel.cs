using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>From which level on workers send log records, where that is no longer what they are configured with when they connect.</summary>
internal sealed class WorkerLogLevel(WorkerRoster roster)
{
    private LogLevel? _changed;

    /// <summary>Has all workers, and those to come, send records from that level on and none below.</summary>
    public void Set(LogLevel level)
    {
        _changed = level;
        foreach (var worker in roster.Workers)
        {
            worker.Link?.SetLogLevel(level);
        }
    }

    /// <summary>Sets the level of a worker that has just connected.</summary>
    public void Apply(WorkerHandle worker)
    {
        if (_changed is { } level)
        {
            worker.Link!.SetLogLevel(level);
        }
    }
}
