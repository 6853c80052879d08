using CloudFunction.AspNetCore.Hosting;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>Bounds the bytes of all payloads that are held whole in memory before their calls are admitted. Thread safe.</summary>
internal sealed class PayloadBudget(ServerSettings settings)
{
    // Room for thousands of usual payloads, and for a few of the largest that the settings allow.
    private const long MinimumBytes = 64L << 20;
    private const int LargestPayloads = 4;

    private readonly long _maxBytes = Math.Max(MinimumBytes, LargestPayloads * settings.Options.MaxRequestBytes);
    private long _used;

    /// <summary>How many bytes are taken.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes room, where there is some.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= _maxBytes)
        {
            return true;
        }

        Release(bytes);
        return false;
    }

    /// <summary>Gives room back.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _used, -bytes);
}
