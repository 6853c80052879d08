namespace CloudFunction.Runtime.Projects;

/// <summary>How many calls of a project run and wait at once.</summary>
/// <param name="Running">MAX_CONCURRENT.</param>
/// <param name="Waiting">MAX_QUEUE, or what the host has descriptors for.</param>
internal sealed record GateLimits(int Running, int Waiting);
