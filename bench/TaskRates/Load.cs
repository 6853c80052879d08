using System.Diagnostics;
using SideBySide;
using SideBySide.RoundTrips;
using TaskRates.Systems;

namespace TaskRates;

/// <summary>Callers that each have one task after the other stored, on a connection and a thread of their own.</summary>
internal static class Load
{
    // Seen as at most a hundredth in the second or more that a measurement takes.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    // Ten thousand tasks at thirty a second.
    private static readonly TimeSpan FinishLimit = TimeSpan.FromMinutes(6);

    /// <summary>Has so many tasks stored and waits until all have finished.</summary>
    /// <param name="system">Where.</param>
    /// <param name="connections">How many callers.</param>
    /// <param name="tasks">How many tasks.</param>
    /// <param name="before">How many there were before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Tasks a second, until the last was accepted and until the last had finished.</returns>
    public static async Task<(double Accepted, double Finished)> RunAsync(
        TaskSystem system, int connections, int tasks, int before, CancellationToken cancellationToken)
    {
        var request = system.EmptyRequest;
        var left = tasks;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections)
            .Select(_ => Task.Factory.StartNew(Call, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        var accepted = Stopwatch.GetElapsedTime(began);
        while (!await system.HaveFinishedAsync(before + tasks, cancellationToken))
        {
            system.ThrowIfExited();
            if (Stopwatch.GetElapsedTime(began) > FinishLimit)
            {
                throw new MeasurementException($"{system.Name}: {tasks} tasks have not finished within {FinishLimit.TotalMinutes:0} minutes.");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        return (tasks / accepted.TotalSeconds, tasks / Stopwatch.GetElapsedTime(began).TotalSeconds);

        void Call()
        {
            using var connection = RawHttpConnection.Connect(system.Port);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var answer = connection.Call(request);
                if (answer.Status != StatusCodes.Status202Accepted)
                {
                    throw new MeasurementException($"{system.Name} answered {answer.Status}; 202 was expected.");
                }
            }
        }
    }
}
