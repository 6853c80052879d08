using System.Security.Cryptography;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// Gives out ids that ascend, whatever the clock does: 48 bits of Unix milliseconds, the version, and 12 bits that count (RFC 9562, 6.2,
/// method 1). A clock that was put back, and more than 4096 ids in a millisecond, count on from the last id. Thread safe.
/// </summary>
/// <param name="lastKey">The highest key that was given out before; 0 where none was.</param>
/// <param name="time">Its milliseconds begin an id.</param>
internal sealed class TaskKeys(long lastKey, TimeProvider time)
{
    private const int CounterBits = 12;
    private const long CounterMask = (1 << CounterBits) - 1;
    private const int TimeShift = CounterBits + 4;
    private const long Version = 7L << CounterBits;

    private readonly Lock _lock = new();

    // The key without its version, so that counting on carries into the time.
    private long _last = (lastKey >> TimeShift << CounterBits) | (lastKey & CounterMask);

    /// <summary>The next id.</summary>
    public TaskId Next()
    {
        long next;
        lock (_lock)
        {
            next = _last = Math.Max(_last + 1, time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits);
        }

        Span<byte> random = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(random);
        random[7] = (byte)((random[7] & 0x3F) | 0x80); // The variant of RFC 9562 is in the highest bits.
        return new TaskId((next >> CounterBits << TimeShift) | Version | (next & CounterMask), BitConverter.ToInt64(random));
    }

    /// <summary>The lowest key that a task of this time can have.</summary>
    public static long LowestAt(DateTimeOffset time) => Math.Max(0, time.ToUnixTimeMilliseconds()) << TimeShift;
}
