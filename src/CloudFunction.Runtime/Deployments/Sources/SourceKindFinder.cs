namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Finds what a project's folder holds.</summary>
internal static class SourceKindFinder
{
    /// <summary>Whether a file in a project's folder makes it one of source code.</summary>
    public static bool IsSource(string name) => !SourceFolder.IsIgnored(name) && (IsProject(name) || IsCode(name));

    /// <summary>Checks the folder's own files; a <c>.csproj</c> decides over all else, for its output may lie beside it.</summary>
    /// <exception cref="DeploymentException">There are several <c>.csproj</c> files, or published assemblies together with C# files.</exception>
    /// <exception cref="IOException">It cannot be read at this moment.</exception>
    public static SourceKind Find(string directory)
    {
        var names = Directory.EnumerateFiles(directory)
            .Select(path => Path.GetFileName(path))
            .Where(name => !SourceFolder.IsIgnored(name))
            .Order(StringComparer.Ordinal)
            .ToList();
        var projects = names.Where(IsProject).ToList();
        if (projects.Count > 0)
        {
            return projects.Count == 1
                ? SourceKind.Project
                : throw new DeploymentException(
                    DeploymentErrorCode.Invalid, $"The folder holds {string.Join(" and ", projects)}: put one function project in a folder.");
        }

        var source = names.Find(IsCode);
        var published = names.Find(name => name.EndsWith(DependencyFile.Suffix, StringComparison.OrdinalIgnoreCase));
        if (source is not null && published is not null)
        {
            throw new DeploymentException(
                DeploymentErrorCode.Invalid, $"The folder holds both source ({source}) and a published project ({published}): keep one of the two.");
        }

        return source is not null ? SourceKind.Files : SourceKind.Assemblies;
    }

    private static bool IsProject(string name) => name.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase);

    private static bool IsCode(string name) => name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase);
}
