using CloudFunction.Protocol;

namespace CloudFunction.Runtime.Projects;

/// <summary>Finds the projects on disk.</summary>
internal static class ProjectDirectory
{
    /// <summary>All folders in PROJECTS_DIR, sorted by name; hidden ones, whose name begins with a dot, and files are skipped.
    /// Nothing where there is no such folder.</summary>
    /// <exception cref="IOException">The folder cannot be read at this moment.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static IReadOnlyList<ProjectCandidate> Scan(string projectsDirectory)
    {
        var directory = new DirectoryInfo(projectsDirectory);
        if (!DiskEntry.IsFolder(projectsDirectory))
        {
            return [];
        }

        return
        [
            .. directory.EnumerateDirectories("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false })
                .Where(folder => !folder.Name.StartsWith('.'))
                .OrderBy(folder => folder.Name, StringComparer.Ordinal)
                .Select(folder => new ProjectCandidate(folder.Name, folder.FullName, Check(folder.Name))),
        ];
    }

    /// <summary>One folder in PROJECTS_DIR, or null where there is none of that name.</summary>
    /// <exception cref="IOException">That cannot be found out: PROJECTS_DIR itself is away, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static ProjectCandidate? Find(string projectsDirectory, string name)
    {
        var directory = Path.Combine(projectsDirectory, name);
        if (DiskEntry.KindOf(directory) == DiskEntryKind.Folder)
        {
            return new ProjectCandidate(name, directory, Check(name));
        }

        DiskEntry.RequireFolder(projectsDirectory);
        return null;
    }

    private static string? Check(string name) =>
        NameRule.IsValid(name) ? null : $"The folder's name is not a valid project name: {NameRule.Text}. Rename the folder.";
}
