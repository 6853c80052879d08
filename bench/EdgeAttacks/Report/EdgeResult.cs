using EdgeAttacks.Hosts;
using SideBySide.Report;

namespace EdgeAttacks.Report;

/// <summary>All that was measured; this is the JSON file.</summary>
internal sealed record EdgeResult(ReportHead Head, IReadOnlyList<HostBuild> Builds, IReadOnlyList<int> Factors, IReadOnlyList<AttackSample> Samples);
