namespace SideBySide.Deploys;

/// <summary>The calls of one phase. Late: answered by the version before, though sent after the deploy of the next had been answered.</summary>
internal sealed record CallSummary(
    string Phase,
    double Seconds,
    long Calls,
    long Failed,
    long Mixed,
    long Late,
    double P50Microseconds,
    double P99Microseconds,
    double MostMicroseconds,
    IReadOnlyList<string> FirstProblems);
