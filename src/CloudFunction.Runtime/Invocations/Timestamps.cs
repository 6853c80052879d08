namespace CloudFunction.Runtime.Invocations;

/// <summary>Reckons with the timestamps of a time provider.</summary>
internal static class Timestamps
{
    /// <summary>The timestamp of the moment that comes so long after now.</summary>
    public static long After(this TimeProvider time, TimeSpan span) => time.After(time.GetTimestamp(), span);

    /// <summary>The timestamp of some time after another one.</summary>
    public static long After(this TimeProvider time, long timestamp, TimeSpan span) =>
        timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);
}
