namespace CloudFunction.Runtime.Projects;

/// <summary>A folder in PROJECTS_DIR.</summary>
/// <param name="Name">The folder's name, as on disk.</param>
/// <param name="Directory">Its absolute path.</param>
/// <param name="Error">Why it can be no project, for people; null where it can.</param>
internal sealed record ProjectCandidate(string Name, string Directory, string? Error)
{
    /// <summary>Whether its name is a valid one.</summary>
    public bool IsValid => Error is null;
}
