namespace StreamFunctions;

/// <summary>An item, and when it was made.</summary>
/// <param name="Number">Its place, from 0.</param>
/// <param name="Ticks">By the machine's monotonic clock, which all its processes share.</param>
/// <param name="Padding">What makes it as long as it is to be.</param>
public sealed record Stamped(int Number, long Ticks, string Padding);
