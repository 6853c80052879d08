using SideBySide.Memory;

namespace SideBySide.Streams;

/// <summary>What a stream was whose reader stopped for a while. Ahead: items that had been made and not read when it went on.</summary>
internal sealed record HeldUpStream(string System, int Items, bool IsWhole, int Ahead, double Seconds, IReadOnlyList<MemoryReading> Memory);
