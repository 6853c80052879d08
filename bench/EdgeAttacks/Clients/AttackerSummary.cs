using SideBySide.Report;

namespace EdgeAttacks.Clients;

/// <summary>What became of an attack's connections.</summary>
/// <param name="Wanted">How many there were to be.</param>
/// <param name="Connected">How many the server took.</param>
/// <param name="Cut">How many it ended while the attack went on.</param>
/// <param name="CutSeconds">When, from each one's connection.</param>
/// <param name="CutBy">How: how many by which status, and how many closed.</param>
internal sealed record AttackerSummary(int Wanted, int Connected, int Cut, Spread? CutSeconds, IReadOnlyDictionary<string, int> CutBy);
