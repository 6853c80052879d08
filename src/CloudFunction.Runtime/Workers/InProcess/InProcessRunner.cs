namespace CloudFunction.Runtime.Workers.InProcess;

/// <summary>Runs workers in this very process, for debuggers and tests: the same core, over the same socket, with the same messages. What a process
/// of its own is needed for, it cannot do: such a worker is never killed but only cut off, and takes this process's runtime as it is.</summary>
/// <param name="baseEnvironment">What every worker gets beside its project's own variables.</param>
/// <param name="openCore">Makes a worker's core for a pool's deployment.</param>
internal sealed class InProcessRunner(IReadOnlyDictionary<string, string> baseEnvironment, Func<WorkerPool, WorkerCore> openCore) : IWorkerRunner
{
    private volatile IReadOnlyDictionary<string, string> _baseEnvironment = baseEnvironment;

    /// <inheritdoc/>
    public bool CanStandBy => false;

    /// <inheritdoc/>
    public bool NeedsOwnWorker(WorkerPool pool) => true;

    /// <inheritdoc/>
    public void SetBaseEnvironment(IReadOnlyDictionary<string, string> environment) => _baseEnvironment = environment;

    /// <inheritdoc/>
    public async Task<int> RunAsync(WorkerHandle worker)
    {
        worker.Pid = Environment.ProcessId;
        using var end = new EndOnce();
        worker.Started(end.Set);
        try
        {
            var core = openCore(worker.Pool!);
            return await core(worker.Endpoint, _baseEnvironment, end.Token).ConfigureAwait(false);
        }
        finally
        {
            worker.Exited();
        }
    }

    // What ends a worker may be called at any time, also when the worker has just ended by itself.
    private sealed class EndOnce : IDisposable
    {
        private readonly CancellationTokenSource _source = new();
        private readonly Lock _lock = new();
        private bool _disposed;

        public CancellationToken Token => _source.Token;

        public void Set()
        {
            lock (_lock)
            {
                if (!_disposed)
                {
                    _ = _source.CancelAsync();
                }
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
                _source.Dispose();
            }
        }
    }
}
