namespace CloudFunction.Runtime.Projects;

/// <summary>What is live of a project as far as its files are there, running or not.</summary>
/// <param name="Deployments">The versions, the one with the greatest part of the calls first; empty for none.</param>
/// <param name="Folder">The fingerprint of what was last deployed from the project's folder; null for nothing.</param>
internal sealed record LiveRecord(IReadOnlyList<WeightedDeployment> Deployments, string? Folder)
{
    /// <summary>Nothing is live.</summary>
    public static LiveRecord None { get; } = new([], null);
}
