namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Finds which of an archive's entries are the project's, and where its folder begins.</summary>
internal static class ArchiveRoot
{
    /// <summary>The project's own entries with their paths below its folder; what macOS adds is none of them. Where everything lies in one folder and
    /// nothing beside it, that folder is the project's.</summary>
    /// <returns>At least one file.</returns>
    /// <exception cref="ProjectException">There is no file.</exception>
    public static IReadOnlyList<(ArchiveEntry Entry, string Path)> Strip(IReadOnlyList<ArchiveEntry> entries)
    {
        var own = entries.Where(entry => !IsOfMac(entry.Name)).ToList();
        if (own.TrueForAll(entry => entry.IsFolder))
        {
            throw ArchiveRefusal.Of("is an archive with no files: put the project's files into it.");
        }

        var start = own[0].Name.IndexOf('/', StringComparison.Ordinal) + 1;
        var root = own[0].Name[..start];
        if (start == 0 || !own.TrueForAll(entry => entry.Name.StartsWith(root, StringComparison.Ordinal)))
        {
            start = 0;
        }

        return [.. own.Select(entry => (entry, entry.Name[start..])).Where(entry => entry.Item2.Length > 0)];
    }

    private static bool IsOfMac(string name) =>
        name.Split('/').Any(part => part is "__MACOSX" or ".DS_Store" or ['.', '_', _, ..]);
}
