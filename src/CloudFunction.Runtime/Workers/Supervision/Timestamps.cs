namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Timestamps of moments to come.</summary>
internal static class Timestamps
{
    /// <summary>The timestamp of the moment that comes so long after now.</summary>
    public static long After(this TimeProvider time, TimeSpan delay) => time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
}
