namespace EdgeAttacks.Attacks;

/// <summary>What the attacks' figures stand beside.</summary>
internal sealed class NoAttack() : Attack("none", "No attack", "Ten seconds of calls of both projects alone, to compare with.", size: 0)
{
    public override TimeSpan Window => TimeSpan.FromSeconds(10);

    public override IReadOnlyList<int> Factors => [1];

    public override Task RunAsync(AttackScene scene, CancellationToken cancellationToken) => AttackScene.HoldAsync(cancellationToken);
}
