namespace CloudFunction.Runtime.Workers.InProcess;

/// <summary>A worker's core, in whatever load context it lies.</summary>
/// <param name="endpoint">Where it connects, and as whom.</param>
/// <param name="environment">What its project gets beside its own variables.</param>
/// <param name="end">Has it end at once.</param>
/// <returns>0 once it was drained; else something else.</returns>
internal delegate Task<int> WorkerCore(WorkerEndpoint endpoint, IReadOnlyDictionary<string, string> environment, CancellationToken end);
