using EdgeAttacks.Attacks;
using EdgeAttacks.Hosts;

namespace EdgeAttacks;

/// <summary>One attack that is to be measured.</summary>
internal sealed record AttackPlan(Attack Attack, int Factor, HostBuild Build)
{
    public string Name => $"{Attack.Id} ×{Factor} {Build.Label}";

    public int Count => Attack.Size * Factor;

    /// <summary>What is known of it before.</summary>
    public AttackSample Sample => new() { Attack = Attack.Id, Build = Build.Label, Factor = Factor, Count = Count };
}
