using SideBySide.Options;
using SideBySide.Processes;
using SideBySide.Systems;

namespace SideBySide.Memory;

/// <summary>
/// What stays in memory while nothing happens: every reading is of a new process that has answered a few calls (a worker) or done
/// nothing at all (the bare one), the two interleaved.
/// </summary>
internal static class IdleMemory
{
    // As many as a person who tries a function makes.
    private const int Calls = 5;

    // Start-up leaves threads and lazily committed pages behind for a moment; later readings do not differ.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<MemoryReading>> ReadAsync(ComparisonOptions options, CancellationToken cancellationToken)
    {
        var readings = new List<MemoryReading>();
        await using var host = options.Measures(SystemNames.CloudFunction)
            ? await CloudFunctionHost.StartAsync(options, standbyWorkers: null, cancellationToken)
            : null;
        for (var round = 1; round <= options.MemoryRounds; round++)
        {
            await using var bare = ChildProcess.StartDotnet("bare process", Repository.BareProcess, ["stay"]);
            if (host is not null)
            {
                if (round > 1)
                {
                    await host.RestartProjectAsync(cancellationToken);
                }

                for (var call = 0; call < Calls; call++)
                {
                    await host.CheckAnswerAsync(cancellationToken);
                }
            }

            await Task.Delay(Settle, cancellationToken);
            if (host is not null)
            {
                readings.AddRange(host.ReadMemory(MemoryReading.Idle));
                var worker = await host.FindWorkerAsync(cancellationToken);
                readings.Add(new MemoryReading(MemoryReading.Worker, MemoryReading.Idle, ResidentMemory.Bytes(worker)));
            }

            bare.ThrowIfExited();
            readings.Add(new MemoryReading(MemoryReading.Bare, MemoryReading.Idle, ResidentMemory.Bytes(bare.Id)));
        }

        return readings;
    }
}
