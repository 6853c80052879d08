namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>The files and folders that an archive's entries make, to check that no two of them meet, on any platform. What an entry costs grows with
/// its path's length alone, however deep it lies. For one use.</summary>
/// <param name="maxNodes">How many there may be.</param>
internal sealed class ArchiveTree(int maxNodes)
{
    private const int Root = 0;

    // By the number of the folder that they lie in, and what their name has in common with those that are the same on some disk.
    private readonly Dictionary<(int Folder, string Key), Node> _nodes = [];

    /// <summary>Adds an entry, and the folders above it.</summary>
    /// <param name="name">Its path; valid.</param>
    /// <returns>Why it is refused and what would be right, to go on after the entry's name; null where it is fine.</returns>
    /// <exception cref="ProjectException">There are too many by now.</exception>
    public string? Add(string name)
    {
        var (folder, start) = (Root, 0);
        while (start < name.Length)
        {
            var end = name.IndexOf('/', start);
            var isFile = end < 0;
            var part = isFile ? name[start..] : name[start..end];
            var key = (folder, EntryName.KeyOf(part));
            if (!_nodes.TryGetValue(key, out var node))
            {
                // Folders are made of paths alone: few entries could ask for very many of them.
                node = _nodes.Count < maxNodes
                    ? new Node(_nodes.Count + 1, part, isFile)
                    : throw ArchiveRefusal.Of($"has more than {maxNodes} files and folders. Leave out what is not needed to run.");
                _nodes.Add(key, node);
            }
            else if (FindFault(node, part, isFile, name[..start]) is { } fault)
            {
                return fault;
            }

            (folder, start) = (node.Number, isFile ? name.Length : end + 1);
        }

        return null;
    }

    private static string? FindFault(Node known, string name, bool isFile, string above)
    {
        var path = ArchiveRefusal.Show(above + known.Name);
        return known.IsFile && !isFile ? $"needs a folder where '{path}' is a file: rename one of the two."
            : isFile && !known.IsFile ? $"is a file where another entry needs the folder '{path}': rename one of the two."
            : known.Name != name ? Twin(path)
            : isFile ? "is there twice: make the archive anew with each file once."
            : null; // Many entries lie in one folder, and naming it twice harms nobody.
    }

    private static string Twin(string path) =>
        $"differs from '{path}' only in case or in how its accents are written, and is the same file on some disks: rename one of the two.";

    private readonly record struct Node(int Number, string Name, bool IsFile);
}
