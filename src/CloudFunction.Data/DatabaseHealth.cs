namespace CloudFunction.Data;

/// <summary>Whether a database answers.</summary>
/// <param name="IsHealthy">Whether it did.</param>
/// <param name="Duration">How long it took, the wait for a connection and all.</param>
/// <param name="Error">Why it did not; null where it did.</param>
public sealed record DatabaseHealth(bool IsHealthy, TimeSpan Duration, Exception? Error);
