using System.Diagnostics;
using SideBySide.Memory;
using SideBySide.Processes;
using SideBySide.Report;
using SideBySide.Systems;
using StreamFunctions;

namespace SideBySide.Streams;

/// <summary>How long a first item is under way, and what a reader that stops does to a stream, beside the same enumerator in the
/// server's own process.</summary>
internal static class StreamsRun
{
    private const string Route = "/api/v1/functions/streams/stamps/invoke";

    // As many as show that the stream flows before its reader stops.
    private const int ReadBefore = 100;

    // The stream goes on behind its first item, so that it is no end that carries it along.
    private const int PauseMilliseconds = 5;

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    public static Task<int> RunAsync(StreamsOptions options) => MeasuredRun.RunAsync(async cancellationToken =>
    {
        var head = await ReportHead.ReadAsync(cancellationToken);
        await using var inProcess = await BaselineSystem.StartInProcessAsync(cancellationToken);
        await using var host = new TemporaryHost(SystemNames.CloudFunction, Route, new Dictionary<string, string>());
        DeployedFiles.CopyTo(Path.GetDirectoryName(Repository.StreamFunctions)!, Path.Combine(host.ProjectsDirectory, "streams"));
        await host.StartAsync(StartLimit, cancellationToken);
        await host.WaitForProjectsAsync(1, StartLimit, cancellationToken);
        (string Name, Uri Uri)[] systems = [(inProcess.Name, new Uri(inProcess.Uri, GreetServer.StreamPath)), (host.Name, host.Uri)];

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var first = new List<FirstItems>();
        for (var round = 0; round <= options.Rounds; round++)
        {
            Progress.Report($"round {round} of {options.Rounds}");
            for (var turn = 0; turn < systems.Length; turn++)
            {
                var (name, uri) = systems[(turn + round) % systems.Length];
                first.Add(MeasureFirstItems(client, name, uri, round, options.Streams, cancellationToken));
            }
        }

        Progress.Report($"a reader stops for {options.Stop.TotalSeconds:0} s");
        HeldUpStream[] heldUp =
        [
            await HoldUpAsync(
                client,
                systems[0],
                options,
                moment => Task.FromResult<IReadOnlyList<MemoryReading>>([.. inProcess.ReadMemory(moment)]),
                cancellationToken),
            await HoldUpAsync(client, systems[1], options, moment => host.ReadMemoryWithWorkersAsync(moment, cancellationToken), cancellationToken),
        ];
        var result = new StreamsResult(head, options with { Output = null }, [.. first.Where(sample => sample.Round > 0)], heldUp);
        var report = StreamsReport.Write(result);
        Console.Write(report);
        if (options.Output is { } output)
        {
            Progress.Report($"written to {await ResultFiles.WriteAsync(output, "-streams", head, result, report, cancellationToken)}");
        }
    });

    private static FirstItems MeasureFirstItems(
        HttpClient client, string system, Uri uri, int round, int streams, CancellationToken cancellationToken)
    {
        var times = new double[streams];
        for (var number = 0; number < streams; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var stream = StampsStream.Open(client, uri, new StampsRequest(Count: 2, PauseMilliseconds, PaddingLength: 0));
            var item = stream.Read() ?? throw new MeasurementException($"{system}: a stream of two items had none.");
            times[number] = Stopwatch.GetElapsedTime(item.Ticks).TotalMilliseconds;
            while (stream.Read() is not null)
            {
                // To its end, so that the connection serves the next one too.
            }
        }

        Array.Sort(times);
        return new FirstItems(system, round, times[streams / 2], times[Math.Min(streams - 1, (int)(streams * 0.99))], times[^1]);
    }

    private static async Task<HeldUpStream> HoldUpAsync(
        HttpClient client, (string Name, Uri Uri) system, StreamsOptions options, Func<string, Task<IReadOnlyList<MemoryReading>>> readMemory,
        CancellationToken cancellationToken)
    {
        var memory = new List<MemoryReading>(await readMemory("before the stream"));
        var began = Stopwatch.GetTimestamp();
        using var stream = StampsStream.Open(client, system.Uri, new StampsRequest(options.Items, PauseMilliseconds: 0, options.ItemLength));
        var (count, ahead, isWhole) = (0, 0, true);
        for (; count < Math.Min(ReadBefore, options.Items); count++)
        {
            isWhole &= stream.Read()?.Number == count;
        }

        await Task.Delay(options.Stop, cancellationToken);
        memory.AddRange(await readMemory("while its reader stops"));
        var wentOn = Stopwatch.GetTimestamp();
        for (; stream.Read() is { } item; count++)
        {
            isWhole &= item.Number == count;
            ahead += item.Ticks < wentOn ? 1 : 0;
        }

        memory.AddRange(await readMemory("after it"));
        return new HeldUpStream(system.Name, count, isWhole && count == options.Items, ahead, Stopwatch.GetElapsedTime(began).TotalSeconds, memory);
    }
}
