using SideBySide.Load;
using SideBySide.Memory;
using SideBySide.Report;

namespace SideBySide.Projects;

/// <summary>All that was measured of a host with many projects; this is the JSON file.</summary>
internal sealed record ProjectsResult(
    ReportHead Head,
    ProjectsOptions Options,
    string Wrk,
    double SecondsToFirstStart,
    double SecondsToRestart,
    IReadOnlyList<MemoryReading> Memory,
    IReadOnlyList<LoadSample> Load);
