using System.Diagnostics;

namespace CloudFunction.Worker.Session;

/// <summary>
/// Decides for one function whether it runs on the reader itself or on the thread pool. On the reader it is spared a wake-up, which costs more
/// than a small function; but while it runs there nothing else is read. So only a function that has shown to give the thread back soon runs
/// there, and one that breaks this trust must show it for longer. Thread safe; lost updates only delay a decision.
/// </summary>
internal sealed class InlinePolicy
{
    private const int FirstProbation = 4;
    private const int MaxProbation = 1 << 16;

    // What a hand-over to the pool costs is about 10 to 20 µs: below 50 µs running inline wins or does no harm worth mentioning.
    private static readonly long QuickTicks = Stopwatch.Frequency / 20_000;

    // A single run this long is noticed by others, whatever the ones before it were.
    private static readonly long SlowTicks = Stopwatch.Frequency / 1_000;

    private int _probation = FirstProbation;
    private int _quickRuns;

    /// <summary>Whether the next run may be on the reader.</summary>
    public bool RunInline => _quickRuns >= _probation;

    /// <summary>Tells how long a run kept its thread, until it ended or first awaited.</summary>
    /// <param name="ticks">In ticks of <see cref="Stopwatch"/>.</param>
    public void Record(long ticks)
    {
        if (ticks <= QuickTicks)
        {
            if (_quickRuns < MaxProbation)
            {
                _quickRuns++;
            }
        }
        else if (ticks > SlowTicks)
        {
            if (RunInline)
            {
                _probation = Math.Min(_probation * 4, MaxProbation);
            }

            _quickRuns = 0;
        }
        else
        {
            _quickRuns = Math.Max(0, _quickRuns - 2); // Mostly quick stays inline; mostly not does not.
        }
    }
}
