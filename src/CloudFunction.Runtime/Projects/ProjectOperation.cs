namespace CloudFunction.Runtime.Projects;

/// <summary>What came of an operation on a project.</summary>
/// <param name="Project">The project as it is now.</param>
/// <param name="Error">Why it failed, or null. What served before a failed restart goes on serving.</param>
internal sealed record ProjectOperation(ProjectInfo Project, string? Error);
