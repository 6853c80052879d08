namespace SideBySide.Streams;

/// <summary>How long the first items of a round's streams took from the enumerator to the reader.</summary>
internal sealed record FirstItems(string System, int Round, double P50Milliseconds, double P99Milliseconds, double MostMilliseconds);
