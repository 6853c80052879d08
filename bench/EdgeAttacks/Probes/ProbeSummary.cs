namespace EdgeAttacks.Probes;

/// <summary>What became of the calls of one project.</summary>
/// <param name="Due">How many were to be sent.</param>
/// <param name="Calls">How many were sent; fewer where this program itself was short of processor time.</param>
/// <param name="Answered">How many had the right answer within the limit.</param>
/// <param name="P50Milliseconds">Of those.</param>
/// <param name="P99Milliseconds">Of those.</param>
/// <param name="OnNewConnections">How many of all were sent on a connection of their own.</param>
/// <param name="AnsweredOnNewConnections">How many of these had the right answer.</param>
/// <param name="Others">What the others had: how many which status, no answer, no connection, or a wrong answer.</param>
internal sealed record ProbeSummary(
    int Due,
    int Calls,
    int Answered,
    double P50Milliseconds,
    double P99Milliseconds,
    int OnNewConnections,
    int AnsweredOnNewConnections,
    IReadOnlyDictionary<string, int> Others)
{
    // A little goes to the first interval and to rounding.
    private const double EnoughCalls = 0.9;

    /// <summary>Whether so few were sent that the figures are this program's rather than the host's.</summary>
    public bool IsLate => Calls < EnoughCalls * Due;
}
