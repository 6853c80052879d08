using System.Diagnostics;
using SideBySide.Report;

namespace EdgeAttacks.Clients;

/// <summary>All connections of one attack: opens them, and finds five times a second which the server has cut.</summary>
/// <param name="port">Where the server listens.</param>
/// <param name="wanted">How many there are to be.</param>
/// <param name="stopsReading">Whether clients take nothing of an answer, or a byte in five seconds; else any answer ends their attack.</param>
internal sealed class ConnectionWatch(int port, int wanted, bool stopsReading) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<AttackConnection> _connections = [];

    /// <returns>Null where the server does not take it.</returns>
    public async Task<AttackConnection?> TryOpenAsync(CancellationToken cancellationToken)
    {
        var connection = await AttackConnection.TryOpenAsync(port, cancellationToken);
        if (connection is not null)
        {
            lock (_gate)
            {
                _connections.Add(connection);
            }
        }

        return connection;
    }

    /// <summary>Watches until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        var lastRead = Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var connections = Connections();

                // Only those that read nothing need it, and it is long where many connections have come and gone.
                var established = stopsReading ? EstablishedPeers.Read(port) : null;
                foreach (var connection in connections)
                {
                    connection.Check(established, endsWithAnswer: !stopsReading);
                }

                if (stopsReading && Stopwatch.GetElapsedTime(lastRead) > ReadInterval)
                {
                    lastRead = Stopwatch.GetTimestamp();
                    foreach (var connection in connections.Where((_, index) => index % 2 == 1))
                    {
                        connection.ReadByte();
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The attack is over.
        }
    }

    /// <summary>Whether all that are wanted came and were cut.</summary>
    public bool AreAllCut => Connections() is var all && all.Length == wanted && all.All(connection => connection.CutAfter is not null);

    public AttackerSummary Summarize()
    {
        var connections = Connections();
        var cut = connections.Where(connection => connection.CutAfter is not null).ToList();
        return new AttackerSummary(
            wanted,
            connections.Length,
            cut.Count,
            Spread.Of(cut.Select(connection => connection.CutAfter!.Value.TotalSeconds)),
            cut.CountBy(connection => connection.CutBy!).OrderBy(by => by.Key, StringComparer.Ordinal).ToDictionary());
    }

    public void Dispose()
    {
        foreach (var connection in Connections())
        {
            connection.Dispose();
        }
    }

    private AttackConnection[] Connections()
    {
        lock (_gate)
        {
            return [.. _connections];
        }
    }
}
