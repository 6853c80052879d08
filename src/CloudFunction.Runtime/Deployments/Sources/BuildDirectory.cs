namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Where one project is built: <c>builds/&lt;project&gt;/</c> below DATA_DIR. What is there saves time and may be
/// removed at any time.</summary>
internal sealed class BuildDirectory
{
    // On their way up, builds stop at the first file of each of these names: none from further up reaches a project.
    private static readonly string[] Shields =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "Directory.Build.rsp", ".editorconfig",
    ];

    private BuildDirectory(string path) => Path = path;

    /// <summary>Itself.</summary>
    public string Path { get; }

    /// <summary>The copy of the project's sources, always at this path: the build's own files know it by that.</summary>
    public string Source => System.IO.Path.Combine(Path, "source");

    /// <summary>What comes out.</summary>
    public string Output => System.IO.Path.Combine(Path, "output");

    /// <summary>The directory of a project, made where it is missing.</summary>
    public static BuildDirectory Open(string dataDirectory, string project)
    {
        var directory = new BuildDirectory(HostDirectory.Create(System.IO.Path.Combine(dataDirectory, "builds", project)));
        foreach (var name in Shields)
        {
            var content = name switch
            {
                ".editorconfig" => "root = true\n",
                "Directory.Build.rsp" => "",
                _ => "<Project />\n",
            };
            WriteIfChanged(directory.File(name), content);
        }

        return directory;
    }

    /// <summary>A file of the build's.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>An empty folder for the sources, in place of those of the build before.</summary>
    public string RenewSource()
    {
        Remove(Source);
        return HostDirectory.Create(Source);
    }

    /// <summary>Removes what an earlier build has put out.</summary>
    public void RenewOutput() => Remove(Output);

    /// <summary>Removes what the compiler has put out; what a restore has found stays.</summary>
    public void RemoveIntermediate() => Remove(File(System.IO.Path.Combine("obj", "Release")));

    /// <summary>Writes a file unless it has the same text already: a build takes a new one for a change.</summary>
    public static void WriteIfChanged(string path, string content)
    {
        if (!System.IO.File.Exists(path) || System.IO.File.ReadAllText(path) != content)
        {
            System.IO.File.WriteAllText(path, content);
        }
    }

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
