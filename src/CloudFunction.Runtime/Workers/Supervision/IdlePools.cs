using CloudFunction.Runtime.Configuration;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Stops the workers of pools that nobody calls; the next call wakes them.</summary>
internal sealed class IdlePools(CloudFunctionOptions options, WorkerDrain drain, TimeProvider time, ILogger logger)
{
    /// <summary>Puts those to sleep that have had no call for IDLE_TIMEOUT.</summary>
    public void SleepIfIdle(IEnumerable<ServingPools> all, long now)
    {
        if (options.IdleTimeout == TimeSpan.Zero)
        {
            return;
        }

        foreach (var serving in all.Where(static each => each.Pools.Any(static pool => pool.Wanted)))
        {
            if (serving.Pools.All(static pool => pool.Ready.IsEmpty))
            {
                serving.Touch(now); // They are still starting.
            }
            else if (!serving.TouchIfBusy(now) && time.GetElapsedTime(serving.LastBusy, now) >= options.IdleTimeout)
            {
                Sleep(serving);
            }
        }
    }

    /// <summary>Puts pools to sleep at once, where there was no call since the last check.</summary>
    public void SleepUnlessBusy(ServingPools serving)
    {
        if (!serving.TouchIfBusy(time.GetTimestamp()))
        {
            Sleep(serving);
        }
    }

    /// <summary>Has pools that sleep want their workers again.</summary>
    public void Wake(ServingPools serving)
    {
        foreach (var pool in serving.Pools.Where(static pool => pool.Asleep && !pool.Retired))
        {
            pool.Asleep = false;
            pool.Wanted = true;
        }

        serving.Touch(time.GetTimestamp());
    }

    private void Sleep(ServingPools serving)
    {
        foreach (var pool in serving.Pools.Where(static pool => pool.Wanted))
        {
            SupervisorLog.Asleep(logger, pool.Deployment.Project);
            pool.Wanted = false;
            pool.Asleep = true;
            foreach (var worker in pool.Members.ToArray())
            {
                drain.Begin(worker, options.GracefulShutdownTimeout, "its project is idle");
            }
        }
    }
}
