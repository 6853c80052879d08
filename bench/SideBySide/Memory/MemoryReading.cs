namespace SideBySide.Memory;

internal sealed record MemoryReading(string Process, string Moment, long Bytes)
{
    public const string Idle = "idle";
    public const string AfterLoad = "after load";
    public const string Bare = "bare .NET process";
    public const string Worker = "worker";
    public const string Host = "host";
}
