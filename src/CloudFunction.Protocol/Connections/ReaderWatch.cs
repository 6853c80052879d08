namespace CloudFunction.Protocol.Connections;

/// <summary>Checks, tick by tick, whether foreign code keeps one of the process's readers, and gives it a successor.</summary>
internal static class ReaderWatch
{
    /// <summary>How often it checks: foreign code that takes two ticks is sure to lose the reader, and frames behind it wait no longer.
    /// Below the time a person or a timeout notices, above what a busy system's scheduler keeps a thread waiting for its turn.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>The process's one thread for it.</summary>
    public static TickingThread<FrameReader> Shared { get; } = new("CloudFunction reader watch", Tick, InspectAll);

    private static bool InspectAll(FrameReader[] readers)
    {
        var active = false;
        foreach (var reader in readers)
        {
            active |= reader.Inspect();
        }

        return active;
    }
}
