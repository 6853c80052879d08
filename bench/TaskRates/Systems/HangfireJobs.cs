using System.Collections.Concurrent;
using System.Diagnostics;
using Hangfire.Server;

namespace TaskRates.Systems;

/// <summary>The empty functions, as jobs in their server's process. Hangfire wants them public.</summary>
public static class HangfireJobs
{
    private static readonly ConcurrentDictionary<string, long> Starts = new();

    /// <summary>Does nothing.</summary>
    public static void Empty()
    {
    }

    /// <summary>Keeps when it started.</summary>
    /// <param name="context">Comes from Hangfire.</param>
    public static void Stamp(PerformContext? context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Starts[context.BackgroundJob.Id] = Stopwatch.GetTimestamp();
    }

    /// <summary>When a job started; null where it has not.</summary>
    public static long? StartOf(string id) => Starts.TryGetValue(id, out var start) ? start : null;
}
