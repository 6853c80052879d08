using SideBySide.Report;

namespace SideBySide.Deploys;

/// <summary>All that was measured of deploys under load; this is the JSON file.</summary>
internal sealed record DeploysResult(
    ReportHead Head,
    DeploysOptions Options,
    IReadOnlyList<CallSummary> Calls,
    IReadOnlyList<DeploySample> Deploys,
    IReadOnlyList<string> WrongDeploys);
