using SideBySide.Report;

namespace SideBySide.Streams;

/// <summary>All that was measured of streams; this is the JSON file.</summary>
internal sealed record StreamsResult(
    ReportHead Head, StreamsOptions Options, IReadOnlyList<FirstItems> FirstItems, IReadOnlyList<HeldUpStream> HeldUp);
