using System.Diagnostics;
using SideBySide;

namespace EdgeAttacks.Hosts;

/// <summary>Reads what a host holds five times a second, and notices its end.</summary>
internal sealed class HostWatch(EdgeHost host)
{
    // Beyond it the machine would be in trouble rather than the host: it is killed then, and the report has that.
    private const long MaxBytes = 10L << 30;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _began = Stopwatch.GetTimestamp();

    public long PeakBytes { get; private set; }

    public int Descriptors { get; private set; }

    /// <summary>When the host ended by itself; null while it has not.</summary>
    public TimeSpan? EndedAfter { get; private set; }

    /// <summary>When this program ended the host, for the machine's sake.</summary>
    public TimeSpan? KilledAfter { get; private set; }

    /// <summary>Reads until it is cancelled or the host has ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                if (host.ExitCode is not null)
                {
                    EndedAfter = Stopwatch.GetElapsedTime(_began);
                    return;
                }

                if (HostReading.TryRead(host.ProcessId) is { } reading)
                {
                    PeakBytes = Math.Max(PeakBytes, reading.PeakBytes);
                    Descriptors = Math.Max(Descriptors, reading.Descriptors);
                }

                if (PeakBytes > MaxBytes)
                {
                    KilledAfter = Stopwatch.GetElapsedTime(_began);
                    Progress.Report($"  {host.Name}: killed at {PeakBytes >> 20} MB");
                    await host.KillAsync();
                    return;
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The attack is over.
        }
    }
}
