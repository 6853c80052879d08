namespace SideBySide.Load;

internal sealed record LoadSample(
    string System,
    int Connections,
    int Round,
    long Calls,
    double CallsPerSecond,
    double P50Microseconds,
    double P99Microseconds);
