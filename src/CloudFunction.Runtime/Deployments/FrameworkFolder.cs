namespace CloudFunction.Runtime.Deployments;

/// <summary>Where the assemblies of a framework are. Immutable.</summary>
internal sealed class FrameworkFolder
{
    private readonly Dictionary<string, string>? _files;

    /// <param name="path">The folder, which is the framework's alone.</param>
    public FrameworkFolder(string path) => Path = path;

    private FrameworkFolder(string path, Dictionary<string, string> files)
    {
        Path = path;
        _files = files;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The paths of all its assemblies.</summary>
    public IEnumerable<string> Files => _files?.Values ?? (Directory.Exists(Path) ? Directory.EnumerateFiles(Path, "*.dll") : []);

    /// <summary>Reads which assemblies of a folder are a framework's, where those of the host lie among them.</summary>
    /// <param name="list">The path of the list: the paths of the assemblies from where it lies, one a line.</param>
    /// <returns>Null where there is no list, or nothing on it.</returns>
    /// <exception cref="IOException">The list cannot be read.</exception>
    public static FrameworkFolder? Read(string list)
    {
        if (!File.Exists(list))
        {
            return null;
        }

        var folder = System.IO.Path.GetDirectoryName(list)!;
        var files = File.ReadLines(list).Where(line => line.Length > 0)
            .Select(line => System.IO.Path.GetFullPath(line, folder))
            .ToDictionary(path => System.IO.Path.GetFileName(path), StringComparer.OrdinalIgnoreCase);
        return files.Count > 0 ? new FrameworkFolder(System.IO.Path.GetDirectoryName(files.Values.First())!, files) : null;
    }

    /// <summary>The path of an assembly.</summary>
    /// <param name="file">Its path in the framework: <c>System.Text.Json.dll</c>, or <c>de/….resources.dll</c>.</param>
    /// <returns>Null where the framework has none of that name.</returns>
    public string? Find(string file)
    {
        var path = _files is null ? System.IO.Path.Combine(Path, file) : _files.GetValueOrDefault(file);
        return File.Exists(path) ? path : null;
    }
}
