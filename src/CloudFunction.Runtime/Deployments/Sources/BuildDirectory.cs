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

    /// <summary>What the SDK has made of bare C# files, without the other files beside them. It is kept from one build to the next.</summary>
    public string Published => System.IO.Path.Combine(Path, "published");

    /// <summary>What comes out, made anew by each build.</summary>
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

    /// <summary>Makes <see cref="Output"/> of what the SDK has made and of all files beside the sources: appsettings.json, templates, data.</summary>
    /// <exception cref="DeploymentException">One of those files lies where the SDK has put a file or a folder.</exception>
    public void ComposeOutput(CancellationToken cancellationToken)
    {
        Remove(Output);
        Copy(Published, static _ => true, cancellationToken);
        Copy(
            Source, static name => !name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) && name != RequirementsFile.FileName, cancellationToken);
    }

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

    /// <summary>Removes a folder with all that is in it, where it is there.</summary>
    public static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private void Copy(string from, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = System.IO.Path.GetRelativePath(from, file);
            if (!isWanted(name))
            {
                continue;
            }

            var target = System.IO.Path.Combine(Output, name);
            if (Obstacle(target) is { } obstacle)
            {
                var (kind, place) = (Directory.Exists(obstacle) ? "a folder" : "a file", System.IO.Path.GetRelativePath(Output, obstacle));
                throw new DeploymentException(
                    DeploymentErrorCode.Invalid,
                    $"{name.Replace('\\', '/')} cannot lie beside the functions: the build puts {kind} called {place.Replace('\\', '/')} there; "
                    + "call it something else.");
            }

            HostDirectory.Create(System.IO.Path.GetDirectoryName(target)!);
            NamedFiles.Copy(file, target);
        }
    }

    // What is there already, or the file that stands where a folder is needed; null for none.
    private string? Obstacle(string target)
    {
        if (System.IO.Path.Exists(target))
        {
            return target;
        }

        for (var parent = System.IO.Path.GetDirectoryName(target)!; parent.Length > Output.Length; parent = System.IO.Path.GetDirectoryName(parent)!)
        {
            if (System.IO.File.Exists(parent))
            {
                return parent;
            }
        }

        return null;
    }
}
