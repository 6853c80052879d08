namespace CloudFunction.Runtime.Deployments;

/// <summary>What a published function project consists of, as far as it is known without running it.</summary>
/// <param name="EntryAssembly">File name of the assembly whose classes are searched for functions, such as <c>Greetings.dll</c>.</param>
/// <param name="TargetFramework">Short name, such as <c>net10.0</c>.</param>
/// <param name="Dependencies">The packages that the project itself names, as <c>Name==1.2.3</c>, by name; all packages where the file does not
/// tell which those are.</param>
/// <param name="NeedsOwnProcess">Whether a standby worker cannot take it: it has to be started in a process of its own.</param>
/// <param name="OwnProcessReason">Why, for people; null exactly when <paramref name="NeedsOwnProcess"/> is false.</param>
/// <param name="RuntimeConfig">The runtime configuration that this process must be started with, as JSON: the worker's own, with the project's laid
/// over it. Null where the worker's own will do.</param>
/// <param name="FrameworkOverrides">The assemblies of a shared framework that this process must be started with in the deployment's version; null for
/// none, never empty.</param>
internal sealed record DeploymentContents(
    string EntryAssembly,
    string TargetFramework,
    IReadOnlyList<string> Dependencies,
    bool NeedsOwnProcess,
    string? OwnProcessReason,
    string? RuntimeConfig,
    IReadOnlyList<FrameworkOverride>? FrameworkOverrides);
