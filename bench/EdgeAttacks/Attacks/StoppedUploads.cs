using EdgeAttacks.Clients;
using EdgeAttacks.Hosts;
using EdgeAttacks.Probes;

namespace EdgeAttacks.Attacks;

/// <summary>Asynchronous and keyed calls whose bodies stop just before their end.</summary>
internal sealed class StoppedUploads() : Attack(
    "stopped",
    "5. Uploads that stop",
    "Calls with mode=async, with an Idempotency-Key, or both, in turn, whose bodies of 30 MB stop 9 bytes before their end. "
    + "The calls of both projects are asynchronous and keyed ones, in turn.",
    size: 4)
{
    private const int BodyBytes = 30 << 20;
    private const int MissingBytes = 9;

    private static readonly string Path = EdgeHost.InvokePath(EdgeHost.Attacked, "measure");

    private readonly byte[] _part = RawRequest.Text(1 << 20)[1..^1];

    public override IReadOnlyList<CallKind> Probes => [CallKind.Asynchronous, CallKind.Keyed];

    // Until the uploads have stopped: a call of somebody else meanwhile takes what one of them needs, and has it refused.
    public override TimeSpan Lead => TimeSpan.FromSeconds(4);

    // BODY_IDLE_TIMEOUT is 15 s.
    public override TimeSpan Window => TimeSpan.FromSeconds(24);

    public override async Task RunAsync(AttackScene scene, CancellationToken cancellationToken)
    {
        await scene.ConnectAsync(UploadAsync, cancellationToken);
        await AttackScene.HoldAsync(cancellationToken);
    }

    private async Task UploadAsync(AttackConnection connection, int number, CancellationToken cancellationToken)
    {
        var isAsynchronous = number % 3 != 1;
        var key = number % 3 == 0 ? null : $"stopped-{number}";
        var head = RawRequest.Post(isAsynchronous ? $"{Path}?mode=async" : Path, BodyBytes, idempotencyKey: key);
        var isSent = await connection.TrySendAsync(head, cancellationToken)
            && await connection.TrySendAsync("\""u8.ToArray(), cancellationToken);
        for (var left = BodyBytes - 1 - MissingBytes; left > 0 && isSent; left -= _part.Length)
        {
            isSent = await connection.TrySendAsync(_part.AsMemory(0, Math.Min(left, _part.Length)), cancellationToken);
        }
    }
}
