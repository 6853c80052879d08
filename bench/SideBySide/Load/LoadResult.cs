using SideBySide.Memory;
using SideBySide.RoundTrips;

namespace SideBySide.Load;

internal sealed record LoadResult(
    IReadOnlyList<LoadSample> Load,
    IReadOnlyList<RoundTripSample> RoundTrips,
    IReadOnlyList<MemoryReading> Memory);
