namespace CloudFunction.Runtime.Projects;

/// <summary>Versions that are loaded and lasting, and that calls can go to.</summary>
/// <param name="Deployments">The versions, the one with the greatest part of the calls first.</param>
/// <param name="Record">What is recorded of them.</param>
/// <param name="Build">How long it took to read and stage them.</param>
/// <param name="Load">How long it took to load them.</param>
/// <param name="Ready">When they were loaded, as a timestamp.</param>
internal sealed record RolledOut(IReadOnlyList<LiveDeployment> Deployments, LiveRecord Record, TimeSpan Build, TimeSpan Load, long Ready);
