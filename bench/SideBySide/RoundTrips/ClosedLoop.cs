using System.Diagnostics;

namespace SideBySide.RoundTrips;

/// <summary>One caller that waits for each answer before it calls again, on the thread it is called on.</summary>
internal static class ClosedLoop
{
    // Sockets' buffers, the scheduler's affinity and the processor's clock settle within a few hundred calls.
    private const int WarmUpCalls = 1_000;

    // Often enough for Ctrl+C, too seldom to be seen in a median.
    private const int CallsBetweenChecks = 512;

    public static double MedianMicroseconds(Action call, int calls, CancellationToken cancellationToken)
    {
        for (var i = 0; i < WarmUpCalls; i++)
        {
            call();
        }

        var ticks = new long[calls];
        for (var i = 0; i < calls; i++)
        {
            if (i % CallsBetweenChecks == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var started = Stopwatch.GetTimestamp();
            call();
            ticks[i] = Stopwatch.GetTimestamp() - started;
        }

        Array.Sort(ticks);
        return ticks[calls / 2] * 1e6 / Stopwatch.Frequency;
    }
}
