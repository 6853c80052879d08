namespace CloudFunction.Runtime.Deployments;

/// <summary>An assembly of a shared framework that a deployment brings in a higher version. A process uses it only if it was
/// started with it.</summary>
/// <param name="Path">Where it lies below the deployment's folder, with <c>/</c> between folders.</param>
/// <param name="AssemblyVersion">The deployment's version of it.</param>
internal sealed record FrameworkOverride(string Path, Version AssemblyVersion);
