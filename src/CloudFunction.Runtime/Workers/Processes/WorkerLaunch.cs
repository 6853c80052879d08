namespace CloudFunction.Runtime.Workers.Processes;

/// <summary>How to start a worker's process.</summary>
/// <param name="Endpoint">Where it connects, and as whom.</param>
/// <param name="Environment">Its whole environment.</param>
/// <param name="DeploymentDirectory">The deployment that it is started for; null for a standby worker.</param>
/// <param name="EntryAssembly">That deployment's entry assembly; null for a standby worker.</param>
/// <param name="RuntimeConfig">The runtime configuration to start with; null for the worker's own.</param>
/// <param name="AdditionalDeps">Lists the assemblies of the deployment's that take the place of a framework's; null for none.</param>
internal sealed record WorkerLaunch(
    WorkerEndpoint Endpoint,
    IReadOnlyDictionary<string, string> Environment,
    string? DeploymentDirectory,
    string? EntryAssembly,
    string? RuntimeConfig,
    string? AdditionalDeps);
