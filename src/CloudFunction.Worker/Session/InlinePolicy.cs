using System.Diagnostics;

namespace CloudFunction.Worker.Session;

/// <summary>
/// Decides for one function whether it runs on the reader itself or on the thread pool. On the reader it is spared a wake-up, which costs more
/// than a small function; but while it runs there nothing else is read. So only a function that has shown to give the thread back soon runs
/// there, and one that kept it until another reader had to take over must show it for longer. Thread safe; lost updates only delay a decision.
/// </summary>
internal sealed class InlinePolicy
{
    private const int FirstProbation = 8;
    private const int MaxProbation = 4096;
    private const int RareRuns = 1000;

    // A share of each run in the running mean, and a bound on what one run can add: a thread that was merely preempted proves nothing.
    private const int MeanShift = 4;

    // What a hand-over to the pool costs is about 10 to 20 µs: below 50 µs running inline wins or does no harm worth mentioning.
    private static readonly long QuickTicks = Stopwatch.Frequency / 20_000;
    private static readonly long MaxSampleTicks = 8 * QuickTicks;

    private long _meanTicks = QuickTicks;
    private int _probation = FirstProbation;
    private int _runs;

    /// <summary>Whether the next run may be on the reader.</summary>
    public bool RunInline => _runs >= _probation && _meanTicks < QuickTicks;

    /// <summary>Records how a run went.</summary>
    /// <param name="ticks">How long it kept its thread, until it ended or first awaited, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="takenOver">Whether it ran on the reader and kept it so long that another took over.</param>
    public void Record(long ticks, bool takenOver)
    {
        _meanTicks += (Math.Min(ticks, MaxSampleTicks) - _meanTicks) >> MeanShift;
        _runs = Math.Min(_runs, MaxProbation + RareRuns) + 1; // Counted no further than it matters: a sum that overflows would end the trust.
        if (takenOver)
        {
            // Once in many runs is an accident, or a processor that others wanted as well; more often is a habit.
            _probation = _runs < RareRuns ? Math.Min(_probation * 4, MaxProbation) : FirstProbation;
            _runs = 0;
        }
    }
}
