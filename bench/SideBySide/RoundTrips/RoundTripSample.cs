namespace SideBySide.RoundTrips;

/// <summary>The median of one round: of a system's calls on one connection, or of the bare socket's round trips.</summary>
internal sealed record RoundTripSample(string Name, int Round, double P50Microseconds)
{
    public const string Socket = "bare Unix socket";
}
