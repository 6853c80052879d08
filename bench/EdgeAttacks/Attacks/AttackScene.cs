using EdgeAttacks.Clients;
using EdgeAttacks.Hosts;

namespace EdgeAttacks.Attacks;

/// <summary>Where an attack takes place.</summary>
/// <param name="host">Against whom.</param>
/// <param name="connections">Its connections.</param>
/// <param name="count">How many clients it has.</param>
internal sealed class AttackScene(EdgeHost host, ConnectionWatch connections, int count)
{
    // Connecting is the client's own work: enough at a time that a host that takes them is never waited for.
    private const int AtOnce = 64;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(200);

    public EdgeHost Host => host;

    public int Count => count;

    /// <summary>What else is to be reported; null where there is nothing.</summary>
    public string? Besides { get; set; }

    /// <summary>Opens a connection for each client, and has it send.</summary>
    /// <param name="sendAsync">What the client of this number does with its connection.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task ConnectAsync(Func<AttackConnection, int, CancellationToken, Task> sendAsync, CancellationToken cancellationToken) =>
        Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                if (await connections.TryOpenAsync(token) is { } connection)
                {
                    await sendAsync(connection, number, token);
                }
            });

    /// <summary>Waits until all clients were cut.</summary>
    public async Task HoldUntilCutAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(CheckInterval);
        while (!connections.AreAllCut)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Waits until the attack's time is over.</summary>
    public static Task HoldAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
}
