using SideBySide.Memory;
using SideBySide.Options;
using SideBySide.Report;
using SideBySide.RoundTrips;
using SideBySide.Systems;

namespace SideBySide.Load;

/// <summary>
/// All systems at once on the machine, one of them under load at a time, in an order that rotates: whatever the machine does
/// meanwhile (its clock, its neighbours) does it to all of them.
/// </summary>
internal sealed class LoadComparison(ComparisonOptions options, Wrk wrk)
{
    private const int CallsPerRound = 10_000;
    private const int RoundTripsPerRound = 20_000;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private readonly List<LoadSample> _load = [];
    private readonly List<RoundTripSample> _roundTrips = [];

    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        var systems = new List<MeasuredSystem>();
        try
        {
            if (options.Measures(SystemNames.InProcess))
            {
                systems.Add(await BaselineSystem.StartInProcessAsync(cancellationToken));
            }

            foreach (var proxy in SystemNames.Proxies.Where(options.Measures))
            {
                systems.Add(await BaselineSystem.StartYarpAsync(proxy, cancellationToken));
            }

            foreach (var host in SystemNames.Hosts.Where(options.Measures))
            {
                systems.Add(await CloudFunctionHost.StartAsync(options, standbyWorkers: null, cancellationToken, host));
            }

            await using var echo = await EchoPeer.StartAsync(cancellationToken);

            // Round 0 lets every tier of the JIT finish and every pool fill; it is discarded.
            for (var round = 0; round <= options.Rounds; round++)
            {
                Progress.Report(round == 0 ? "load: warm-up round" : $"load: round {round} of {options.Rounds}");
                await RunRoundAsync(systems, echo, round, cancellationToken);
            }

            await Task.Delay(Settle, cancellationToken);
            return new LoadResult(
                [.. _load.Where(sample => sample.Round > 0)],
                [.. _roundTrips.Where(sample => sample.Round > 0)],
                await ReadMemoryAsync(systems, cancellationToken));
        }
        finally
        {
            foreach (var system in systems)
            {
                await system.DisposeAsync();
            }
        }
    }

    private async Task RunRoundAsync(List<MeasuredSystem> systems, EchoPeer echo, int round, CancellationToken cancellationToken)
    {
        for (var step = 0; step < options.Connections.Count; step++)
        {
            var connections = options.Connections[step];
            var socket = new List<double>();
            for (var turn = 0; turn < systems.Count; turn++)
            {
                var system = systems[(turn + round + step) % systems.Count];
                await system.CheckAnswerAsync(cancellationToken);
                _load.Add(await wrk.RunAsync(system, connections, round, cancellationToken));
                if (connections == 1)
                {
                    MeasureOneCaller(system, round, cancellationToken);

                    // Beside every system, since where the scheduler puts two threads that wake each other changes it threefold.
                    socket.Add(echo.MedianMicroseconds(RoundTripsPerRound, cancellationToken));
                }
            }

            if (Spread.Of(socket) is { } spread)
            {
                _roundTrips.Add(new RoundTripSample(RoundTripSample.Socket, round, spread.Median));
            }
        }
    }

    private void MeasureOneCaller(MeasuredSystem system, int round, CancellationToken cancellationToken)
    {
        using var connection = RawHttpConnection.Connect(system.Port);
        var request = system.RawRequest();
        var median = ClosedLoop.MedianMicroseconds(
            () =>
            {
                var answer = connection.Call(request);
                if (answer.Status != 200)
                {
                    throw new MeasurementException($"{system.Name} answered {answer.Status} to one caller in round {round}.");
                }
            },
            CallsPerRound,
            cancellationToken);
        _roundTrips.Add(new RoundTripSample(system.Name, round, median));
    }

    private static async Task<IReadOnlyList<MemoryReading>> ReadMemoryAsync(List<MeasuredSystem> systems, CancellationToken cancellationToken)
    {
        var readings = systems.SelectMany(system => system.ReadMemory(MemoryReading.AfterLoad)).ToList();
        if (systems.OfType<CloudFunctionHost>().FirstOrDefault(system => system.Name == SystemNames.CloudFunction) is { } host)
        {
            var worker = await host.FindWorkerAsync(cancellationToken);
            readings.Add(new MemoryReading(MemoryReading.Worker, MemoryReading.AfterLoad, ResidentMemory.Bytes(worker)));
        }

        return readings;
    }
}
