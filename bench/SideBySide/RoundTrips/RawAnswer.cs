namespace SideBySide.RoundTrips;

/// <summary>The status, and the bytes of the whole answer on the wire, headers and framing included.</summary>
internal readonly record struct RawAnswer(int Status, int Bytes);
