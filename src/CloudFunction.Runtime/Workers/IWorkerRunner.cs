namespace CloudFunction.Runtime.Workers;

/// <summary>Runs workers, each from its start to its end. Thread safe.</summary>
internal interface IWorkerRunner
{
    /// <summary>Whether a worker can be started before it is known what it will load, so that some may be kept on standby.</summary>
    bool CanStandBy { get; }

    /// <summary>Whether a pool's deployment must have workers that were started for it alone.</summary>
    bool NeedsOwnWorker(WorkerPool pool);

    /// <summary>From now on every worker is started with this environment, and what its project adds.</summary>
    void SetBaseEnvironment(IReadOnlyDictionary<string, string> environment);

    /// <summary>Starts a worker and waits for its end. Meanwhile the handle has what ends it at once.</summary>
    /// <returns>Its exit code; 0 after a drain.</returns>
    Task<int> RunAsync(WorkerHandle worker);
}
