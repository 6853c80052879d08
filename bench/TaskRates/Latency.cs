using System.Diagnostics;
using TaskRates.Systems;

namespace TaskRates;

/// <summary>From asking for a task until it starts, one after the other on a system that does nothing else. In milliseconds.</summary>
/// <param name="Answered">From asking to the answer.</param>
/// <param name="Started">From asking to the start.</param>
/// <param name="StartedAfterAnswer">From the answer to the start; below zero where it started before its caller had read the answer.</param>
internal sealed record Latency(IReadOnlyList<double> Answered, IReadOnlyList<double> Started, IReadOnlyList<double> StartedAfterAnswer)
{
    // For a system that only finds a task when it looks for one, every fifteen seconds say.
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    /// <summary>A start that has not come by then counts as come then: Hangfire on PostgreSQL loses the word of one now and then.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    // Long enough for whatever follows a task to be over before the next.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private const int WarmUpTasks = 20;

    /// <summary>As many as there are within the budget, and one at least.</summary>
    public static async Task<Latency> MeasureAsync(TaskSystem system, int samples, CancellationToken cancellationToken)
    {
        var (answered, started, after) = (new List<double>(), new List<double>(), new List<double>());
        var began = Stopwatch.GetTimestamp();
        for (var i = -WarmUpTasks; i < samples && (started.Count == 0 || Stopwatch.GetElapsedTime(began) < Budget); i++)
        {
            var asked = Stopwatch.GetTimestamp();
            var id = await system.StampAsync(cancellationToken);
            var answer = Stopwatch.GetTimestamp();
            var start = await StartAsync(system, id, cancellationToken);
            if (i >= 0 || Stopwatch.GetElapsedTime(began) >= Budget)
            {
                answered.Add(Milliseconds(asked, answer));
                started.Add(Milliseconds(asked, start));
                after.Add(Milliseconds(answer, start));
            }
        }

        return new Latency(answered, started, after);
    }

    /// <summary>The value that so great a part is not above.</summary>
    public static double Quantile(IReadOnlyList<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))];
    }

    private static async Task<long> StartAsync(TaskSystem system, string id, CancellationToken cancellationToken)
    {
        var asked = Stopwatch.GetTimestamp();
        while (true)
        {
            await Task.Delay(Rest, cancellationToken);
            if (await system.StartOfAsync(id, cancellationToken) is { } start)
            {
                return start;
            }

            system.ThrowIfExited();
            if (Stopwatch.GetElapsedTime(asked) > StartLimit)
            {
                return asked + (long)(StartLimit.TotalSeconds * Stopwatch.Frequency);
            }
        }
    }

    private static double Milliseconds(long from, long to) => (to - from) * 1e3 / Stopwatch.Frequency;
}
