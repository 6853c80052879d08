using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>Reports what keeps the host from serving many requests alike: the first at once, then one in a minute with how many others
/// there were. Whoever sends requests decides how many there are. Thread safe.</summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<RefusalLog> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>A disk is full.</summary>
    /// <param name="folder">The setting that names the folder.</param>
    /// <param name="reason">What the disk answered.</param>
    public void StorageFull(string folder, string reason)
    {
        if (TryBeginInterval($"{nameof(StorageFull)} {folder}", out var others))
        {
            LogStorageFull(folder, others, reason);
        }
    }

    /// <summary>A file of the host's cannot be used, and not because its disk is full.</summary>
    /// <param name="folder">The setting that names the folder.</param>
    /// <param name="reason">What the disk answered.</param>
    public void StorageFailed(string folder, string reason)
    {
        if (TryBeginInterval($"{nameof(StorageFailed)} {folder}", out var others))
        {
            LogStorageFailed(folder, others, reason);
        }
    }

    /// <summary>The task store failed.</summary>
    public void StoreFailed(string reason)
    {
        if (TryBeginInterval(nameof(StoreFailed), out var others))
        {
            LogStoreFailed(others, reason);
        }
    }

    /// <summary>No further file can be opened.</summary>
    public void NoDescriptors(string reason)
    {
        if (TryBeginInterval(nameof(NoDescriptors), out var others))
        {
            LogNoDescriptors(others, reason);
        }
    }

    /// <summary>A caller without identity found no room in the store.</summary>
    public void NoAnonymousRoom(string project)
    {
        if (TryBeginInterval(nameof(NoAnonymousRoom), out var others))
        {
            LogNoAnonymousRoom(project, others);
        }
    }

    // Else counts the refusal for the record that follows.
    private bool TryBeginInterval(string what, out long others)
    {
        var count = _counts.GetOrAdd(what, static _ => new Count());
        lock (count)
        {
            if (count.ReportedAt is { } at && time.GetElapsedTime(at) < Interval)
            {
                count.Others++;
                others = 0;
                return false;
            }

            count.ReportedAt = time.GetTimestamp();
            (others, count.Others) = (count.Others, 0);
            return true;
        }
    }

    private sealed class Count
    {
        public long? ReportedAt { get; set; }

        public long Others { get; set; }
    }
}
