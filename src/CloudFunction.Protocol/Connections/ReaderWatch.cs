using System.Diagnostics.CodeAnalysis;

namespace CloudFunction.Protocol.Connections;

/// <summary>
/// One thread for all of a process's readers that looks, tick by tick, whether foreign code keeps one of them, and gives it a successor.
/// It sleeps while no reader has anything to do.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "There is one, and it lives as long as the process.")]
internal sealed class ReaderWatch
{
    /// <summary>How often it looks: foreign code that takes two ticks is sure to lose the reader, and frames behind it wait no longer.
    /// Below the time a person or a timeout notices, above what a busy system's scheduler keeps a thread waiting for its turn.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private const int IdleTicksBeforeParking = 100; // One second.

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private FrameReader[] _readers = [];
    private Thread? _thread;
    private int _parked = 1;

    private ReaderWatch()
    {
    }

    /// <summary>The process's watch.</summary>
    public static ReaderWatch Shared { get; } = new();

    /// <summary>Watches a reader.</summary>
    public void Add(FrameReader reader)
    {
        lock (_lock)
        {
            _readers = [.. _readers, reader];
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "CloudFunction reader watch" };
                _thread.Start();
            }
        }
    }

    /// <summary>Watches a reader no longer.</summary>
    public void Remove(FrameReader reader)
    {
        lock (_lock)
        {
            _readers = Array.FindAll(_readers, r => !ReferenceEquals(r, reader));
        }
    }

    /// <summary>Makes sure that the watch is looking.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0)
        {
            _wake.Set();
        }
    }

    private void Run()
    {
        var idleTicks = 0;
        while (true)
        {
            var parked = Volatile.Read(ref _parked) != 0;
            _wake.WaitOne(parked ? Timeout.InfiniteTimeSpan : Tick);
            var active = false;
            foreach (var reader in Volatile.Read(ref _readers))
            {
                active |= reader.Inspect();
            }

            idleTicks = active ? 0 : idleTicks + 1;
            if (idleTicks < IdleTicksBeforeParking)
            {
                continue;
            }

            idleTicks = 0;
            Interlocked.Exchange(ref _parked, 1);

            // A reader that entered before it could see the flag set is seen here.
            foreach (var reader in Volatile.Read(ref _readers))
            {
                if (reader.Inspect())
                {
                    Wake();
                }
            }
        }
    }
}
