namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>Scans all folders in PROJECTS_DIR.</summary>
internal static class ProjectsScan
{
    /// <summary>The folders' names, hidden ones left out; null where PROJECTS_DIR is not there or cannot be read.</summary>
    public static IReadOnlyList<string>? ListNames(string projectsDirectory)
    {
        try
        {
            return Directory.Exists(projectsDirectory) ? [.. ProjectDirectory.Scan(projectsDirectory).Select(folder => folder.Name)] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Every folder's signature by its name; null where PROJECTS_DIR is not there or cannot be read.</summary>
    public static IReadOnlyDictionary<string, ulong>? Read(string projectsDirectory)
    {
        if (ListNames(projectsDirectory) is not { } names)
        {
            return null;
        }

        var found = new Dictionary<string, ulong>(names.Count, StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (FolderSignature.Read(Path.Combine(projectsDirectory, name)) is { } signature)
            {
                found[name] = signature;
            }
        }

        return found;
    }
}
