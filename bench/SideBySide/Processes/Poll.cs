using System.Diagnostics;

namespace SideBySide.Processes;

/// <summary>Waits on a condition with a bound, and reports at the bound what was found last.</summary>
internal static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until <paramref name="problem"/>, what still is in the way, is null.</summary>
    public static async Task UntilAsync(
        string what,
        Func<CancellationToken, Task<string?>> problem,
        Action throwIfExited,
        IReadOnlyList<ChildProcess> processes,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            string? last;
            try
            {
                last = await problem(cancellationToken);
            }
            catch (Exception notYet) when (notYet is HttpRequestException or IOException
                || (notYet is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                last = notYet.Message;
            }

            if (last is null)
            {
                return;
            }

            throwIfExited();
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                var output = string.Join("\n", processes.Select(process => $"--- output of {process.Name}\n{process.Tail}"));
                throw new MeasurementException($"{what} did not come within {limit.TotalSeconds:0} s; last result: {last}\n{output}");
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }
}
