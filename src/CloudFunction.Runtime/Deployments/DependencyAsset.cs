namespace CloudFunction.Runtime.Deployments;

/// <summary>A managed assembly that a <c>.deps.json</c> lists.</summary>
/// <param name="Library">Which package or project brings it, as <c>Name/1.2.3</c>.</param>
/// <param name="Paths">Where below the deployment's folder it may lie, likeliest first.</param>
/// <param name="AssemblyVersion">As listed; null where it is not.</param>
/// <param name="IsRequired">Whether it must be there; those for one platform among several need not.</param>
internal sealed record DependencyAsset(string Library, IReadOnlyList<string> Paths, Version? AssemblyVersion, bool IsRequired)
{
    /// <summary>The assembly's simple name.</summary>
    public string SimpleName => Path.GetFileNameWithoutExtension(Paths[0]);

    /// <summary>Its path in a folder; null where it is not there.</summary>
    public string? Find(string directory) =>
        Paths.Select(path => Path.Combine(directory, path)).FirstOrDefault(File.Exists);
}
