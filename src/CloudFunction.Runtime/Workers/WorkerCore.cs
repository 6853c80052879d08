namespace CloudFunction.Runtime.Workers;

/// <summary>A worker's core, in whatever load context it lies.</summary>
/// <param name="socketPath">Where the host listens.</param>
/// <param name="workerId">Who it is to say that it is.</param>
/// <param name="secret">And what to show for it.</param>
/// <param name="environment">What its project sees beside its own variables.</param>
/// <param name="end">Has it end at once.</param>
/// <returns>0 once it was drained; else something else.</returns>
internal delegate Task<int> WorkerCore(
    string socketPath, string workerId, string secret, IReadOnlyDictionary<string, string> environment, CancellationToken end);
