using SideBySide.ColdPath;
using SideBySide.Memory;
using SideBySide.Systems;

namespace SideBySide.Report;

/// <summary>A promise and what became of it: PASS, MISS, or "not measured".</summary>
internal sealed record Target(string What, string Wanted, Spread? Measured, string Verdict)
{
    // Where the targets on calls per second are judged.
    private const int Connections = 64;

    public static IReadOnlyList<Target> Judge(ComparisonResult result) =>
    [
        AtLeast(
            $"calls/s at {Connections} connections, to in-process",
            0.90,
            Ratios.Calls(result, Connections, SystemNames.CloudFunction, SystemNames.InProcess)),
        AtLeast($"calls/s at {Connections} connections, to yarp", 3, Ratios.Calls(result, Connections, SystemNames.CloudFunction, SystemNames.Yarp)),
        AtLeast(
            $"calls/s at {Connections} connections with the access log on, to off",
            0.85,
            Ratios.Calls(result, Connections, SystemNames.CloudFunctionAccessLog, SystemNames.CloudFunctionInvocationLog)),
        AtMost("added p50 of one caller, to a bare round trip", 1.2, Ratios.AddedRoundTrips(result, SystemNames.CloudFunction)),
        AtMost("idle worker's memory, to a bare .NET process", 1.5, Ratios.ByRound(
            Idle(result, MemoryReading.Worker), Idle(result, MemoryReading.Bare), reading => reading.Bytes)),
        AtMost("cold call with a standby worker, to one without", 0.5, Ratios.ByRound(
            Starts(result, StartSample.WithStandby), Starts(result, StartSample.WithoutStandby), sample => sample.Milliseconds)),
    ];

    private static Target AtLeast(string what, double limit, Spread? measured) =>
        new(what, $"≥ {limit:0.00}", measured, Judge(measured, measured?.Median >= limit));

    private static Target AtMost(string what, double limit, Spread? measured) =>
        new(what, $"≤ {limit:0.00}", measured, Judge(measured, measured?.Median <= limit));

    private static string Judge(Spread? measured, bool? isMet) => measured is null ? "not measured" : isMet == true ? "PASS" : "MISS";

    private static IEnumerable<MemoryReading> Idle(ComparisonResult result, string process) =>
        result.Memory.Where(reading => reading.Process == process && reading.Moment == MemoryReading.Idle);

    private static IEnumerable<StartSample> Starts(ComparisonResult result, string kind) => result.Starts.Where(sample => sample.Kind == kind);
}
