using System.Collections.Concurrent;
using System.Globalization;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Runs workers as <see cref="FakeProcess"/>es.</summary>
internal sealed class FakeRunner : IWorkerRunner
{
    private readonly ConcurrentDictionary<string, FakeProcess> _processes = new(StringComparer.Ordinal);

    public bool CanStandBy { get; set; } = true;

    public Predicate<WorkerPool> NeedsOwn { get; set; } = static _ => false;

    /// <summary>Gets each process once it runs, to have it do something of itself.</summary>
    public Action<FakeProcess> OnStarted { get; set; } = static _ => { };

    public IReadOnlyDictionary<string, string> BaseEnvironment { get; private set; } = new Dictionary<string, string>();

    /// <summary>All processes that were ever started, the oldest first.</summary>
    public IReadOnlyList<FakeProcess> Processes => [.. _processes.Values.OrderBy(static process => NumberOf(process.Worker))];

    /// <summary>Those that run.</summary>
    public IReadOnlyList<FakeProcess> Running => [.. Processes.Where(static process => !process.HasEnded)];

    public FakeProcess? Find(WorkerHandle worker) => _processes.GetValueOrDefault(worker.Id);

    public bool NeedsOwnWorker(WorkerPool pool) => NeedsOwn(pool);

    public void SetBaseEnvironment(IReadOnlyDictionary<string, string> environment) => BaseEnvironment = environment;

    public async Task<int> RunAsync(WorkerHandle worker)
    {
        var process = new FakeProcess(worker);
        worker.Pid = 100_000 + NumberOf(worker);
        worker.Started(process.Kill);
        Assert.True(_processes.TryAdd(worker.Id, process), $"{worker.Id} was started twice.");
        OnStarted(process);
        try
        {
            return await process.Ended.ConfigureAwait(false);
        }
        finally
        {
            worker.Exited();
        }
    }

    private static int NumberOf(WorkerHandle worker) => int.Parse(worker.Id[1..], CultureInfo.InvariantCulture);
}
