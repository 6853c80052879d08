namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>Every so many-th value from one to another.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">No value is greater.</param>
/// <param name="Step">How far they are apart, at least 1.</param>
internal readonly record struct FieldRange(int First, int Last, int Step)
{
    /// <summary>Whether a value is one of them.</summary>
    public bool Contains(int value) => value >= First && value <= Last && (value - First) % Step == 0;
}
