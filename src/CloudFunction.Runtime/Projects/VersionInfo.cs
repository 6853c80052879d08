namespace CloudFunction.Runtime.Projects;

/// <summary>What is known of one version of a project.</summary>
/// <param name="Version">From 1; a later one's is higher.</param>
/// <param name="CreatedAt">When it was staged.</param>
/// <param name="Active">Whether it is the one that serves, or that would if the project were started.</param>
/// <param name="Weight">Its part of the calls; 0 where it gets none.</param>
/// <param name="Functions">The names of its functions, sorted; empty where no worker has ever loaded it.</param>
/// <param name="Source">Where it came from: <c>folder</c>, <c>upload</c> or <c>function</c>.</param>
internal sealed record VersionInfo(int Version, DateTimeOffset CreatedAt, bool Active, int Weight, IReadOnlyList<string> Functions, string Source);
