namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>The files and folders that an archive's entries make, to see that no two of them meet, on any platform. For one use.</summary>
/// <param name="maxNodes">How many there may be.</param>
internal sealed class ArchiveTree(int maxNodes)
{
    private readonly Dictionary<string, (string Path, bool IsFile)> _nodes = new(StringComparer.Ordinal);

    /// <summary>Adds an entry, and the folders above it.</summary>
    /// <param name="name">Its path; valid.</param>
    /// <returns>Why it is refused and what would be right, to go on after the entry's name; null where it is fine.</returns>
    /// <exception cref="ProjectException">There are too many by now.</exception>
    public string? Add(string name)
    {
        for (var end = name.IndexOf('/', StringComparison.Ordinal); end >= 0 && end < name.Length - 1; end = name.IndexOf('/', end + 1))
        {
            if (AddFolder(name[..end]) is { } fault)
            {
                return fault;
            }
        }

        return name.EndsWith('/') ? AddFolder(name[..^1]) : AddFile(name);
    }

    private string? AddFolder(string path) =>
        Find(path) is not { } known ? Insert(path, isFile: false)
        : known.IsFile ? $"needs a folder where '{ArchiveRefusal.Show(known.Path)}' is a file: rename one of the two."
        : known.Path == path ? null // Many entries lie in one folder, and naming it twice harms nobody.
        : Twin(known.Path);

    private string? AddFile(string path) =>
        Find(path) is not { } known ? Insert(path, isFile: true)
        : !known.IsFile ? $"is a file where another entry needs the folder '{ArchiveRefusal.Show(known.Path)}': rename one of the two."
        : known.Path == path ? "is there twice: make the archive anew with each file once."
        : Twin(known.Path);

    private static string Twin(string path) =>
        $"differs from '{ArchiveRefusal.Show(path)}' only in case or in how its accents are written, and is the same file on some disks: rename one of the two.";

    private (string Path, bool IsFile)? Find(string path) => _nodes.TryGetValue(EntryName.KeyOf(path), out var known) ? known : null;

    private string? Insert(string path, bool isFile)
    {
        // Folders are made of paths alone: few entries could ask for very many of them.
        if (_nodes.Count == maxNodes)
        {
            throw ArchiveRefusal.Of($"has more than {maxNodes} files and folders. Leave out what is not needed to run.");
        }

        _nodes.Add(EntryName.KeyOf(path), (path, isFile));
        return null;
    }
}
