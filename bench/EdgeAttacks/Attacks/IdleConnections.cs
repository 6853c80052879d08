namespace EdgeAttacks.Attacks;

/// <summary>Connections that send nothing.</summary>
internal sealed class IdleConnections() : Attack(
    "idle",
    "1. Idle connections",
    "Connections that send nothing, to a host that may have 1,024 descriptors open. TIMEOUT_KEEP_ALIVE is 5 s.",
    size: 1300)
{
    public override int? Descriptors => 1024;

    public override TimeSpan Window => TimeSpan.FromSeconds(16);

    public override async Task RunAsync(AttackScene scene, CancellationToken cancellationToken)
    {
        await scene.ConnectAsync((_, _, _) => Task.CompletedTask, cancellationToken);
        await AttackScene.HoldAsync(cancellationToken);
    }
}
