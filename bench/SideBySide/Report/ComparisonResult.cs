using System.Text.Json.Serialization;
using SideBySide.ColdPath;
using SideBySide.Load;
using SideBySide.Memory;
using SideBySide.Options;
using SideBySide.RoundTrips;

namespace SideBySide.Report;

/// <summary>All that was measured and what is needed to judge it; this is the JSON file.</summary>
internal sealed record ComparisonResult
{
    public required DateTimeOffset Date { get; init; }

    public required SourceState Source { get; init; }

    public required Machine Machine { get; init; }

    public required ComparisonOptions Options { get; init; }

    public required string? Wrk { get; init; }

    public required IReadOnlyDictionary<string, string> GarbageCollectors { get; init; }

    public IReadOnlyList<LoadSample> Load { get; init; } = [];

    public IReadOnlyList<RoundTripSample> RoundTrips { get; init; } = [];

    public IReadOnlyList<StartSample> Starts { get; init; } = [];

    public IReadOnlyList<MemoryReading> Memory { get; init; } = [];

    public IReadOnlyList<Target> Targets { get; init; } = [];

    [JsonIgnore]
    public ReportHead Head => new(Date, Source, Machine);

    /// <summary>Without where the measured projects lie and what the host's further settings are: that is the machine's, not the result's.</summary>
    [JsonIgnore]
    public ComparisonResult Published => this with
    {
        Options = Options with
        {
            ProjectsDirectory = null,
            Output = null,
            HostEnvironment = [.. Options.HostEnvironment.Select(setting => setting.Split('=')[0])],
        },
    };
}
