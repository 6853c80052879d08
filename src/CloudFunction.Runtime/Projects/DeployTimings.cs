namespace CloudFunction.Runtime.Projects;

/// <summary>How long the steps of a deployment took.</summary>
/// <param name="Build">Reading what was to be deployed, building it where it is source code, and staging the copy; almost nothing where it
/// was staged already.</param>
/// <param name="Load">Until the first new worker had loaded it.</param>
/// <param name="Swap">Until calls went to it.</param>
internal sealed record DeployTimings(TimeSpan Build, TimeSpan Load, TimeSpan Swap);
