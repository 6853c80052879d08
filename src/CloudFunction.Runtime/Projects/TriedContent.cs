namespace CloudFunction.Runtime.Projects;

/// <summary>What was last tried with a project, whatever came of it.</summary>
/// <param name="Folder">The fingerprint of what its folder held, or what was wrong with that; null where it was not tried.</param>
/// <param name="Variables">Its variables; null where they could not be read, or were not tried.</param>
internal sealed record TriedContent(string? Folder, ProjectVariables? Variables)
{
    /// <summary>Nothing was tried.</summary>
    public static TriedContent None { get; } = new(null, null);
}
