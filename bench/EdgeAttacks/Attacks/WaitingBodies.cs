using System.Text;
using EdgeAttacks.Clients;
using EdgeAttacks.Hosts;

namespace EdgeAttacks.Attacks;

/// <summary>Calls with bodies that wait for places which are all taken.</summary>
internal sealed class WaitingBodies() : Attack(
    "waiting",
    "4. Waiting calls with bodies",
    "Calls with bodies of 1 MB, sent whole, to a project whose ten places are taken by ten calls of one client for as long as the "
    + "attack lasts: calls of the same project wait rightly, for TIMEOUT_NOTIFY (30 s).",
    size: 100)
{
    private const int Places = 10;
    private const int BodyBytes = 1 << 20;

    private static readonly byte[] Body = RawRequest.Text(BodyBytes);
    private static readonly string Path = EdgeHost.InvokePath(EdgeHost.Attacked, "measure");
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(200);

    // TIMEOUT_NOTIFY, and what it takes until all places are taken: the host has that from its workers every two seconds.
    public override TimeSpan Window => TimeSpan.FromSeconds(38);

    public override async Task RunAsync(AttackScene scene, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = scene.Host.Uri, Timeout = Timeout.InfiniteTimeSpan };
        var taken = Enumerable.Range(0, Places).Select(_ => TakePlaceAsync(client, cancellationToken)).ToList();
        while (await CountCallsAsync(scene.Host, cancellationToken) < Places)
        {
            await Task.Delay(CheckInterval, cancellationToken);
        }

        await scene.ConnectAsync(
            async (connection, _, token) =>
            {
                if (await connection.TrySendAsync(RawRequest.Post(Path, BodyBytes), token))
                {
                    await connection.TrySendAsync(Body, token);
                }
            },
            cancellationToken);
        await Task.WhenAll(taken);
        await AttackScene.HoldAsync(cancellationToken);
    }

    private static async Task<int> CountCallsAsync(EdgeHost host, CancellationToken cancellationToken)
    {
        var project = await host.GetAsync($"/api/v1/projects/{EdgeHost.Attacked}", cancellationToken);
        return project.GetProperty("data").GetProperty("workers").EnumerateArray().Sum(worker => worker.GetProperty("in_flight").GetInt32());
    }

    private static async Task TakePlaceAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var payload = new StringContent("60", Encoding.UTF8, "application/json");
        try
        {
            using var response = await client.PostAsync(EdgeHost.InvokePath(EdgeHost.Attacked, "wait"), payload, cancellationToken);
        }
        catch (HttpRequestException)
        {
            // The host is gone; the report has that.
        }
    }
}
