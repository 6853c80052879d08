namespace CloudFunction.Runtime.Hosting;

/// <summary>What every worker and every build inherits of the host's environment.</summary>
internal sealed record WorkerEnvironment(IReadOnlyDictionary<string, string> Variables);
