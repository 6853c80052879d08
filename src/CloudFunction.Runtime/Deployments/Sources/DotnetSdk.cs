namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>A .NET SDK on this machine.</summary>
/// <param name="Dotnet">The <c>dotnet</c> that it belongs to.</param>
/// <param name="Directory">Its folder.</param>
internal sealed record DotnetSdk(string Dotnet, string Directory)
{
    /// <summary>Its version, such as <c>10.0.401</c>.</summary>
    public string Version => Path.GetFileName(Directory);

    /// <summary>The command line, to be run by <see cref="Dotnet"/>.</summary>
    public string CommandLine => Path.Combine(Directory, "dotnet.dll");

    /// <summary>The C# compiler, likewise.</summary>
    public string Compiler => Path.Combine(Directory, "Roslyn", "bincore", "csc.dll");

    /// <summary>The newest SDK for this runtime: beside the shared runtime that the host runs on, else where DOTNET_ROOT or the PATH
    /// finds a dotnet.</summary>
    /// <returns>Null where there is none.</returns>
    public static DotnetSdk? Find() => Find(Roots(), Environment.Version.Major);

    /// <summary>The newest SDK of at least that major version in the first of the folders that has one.</summary>
    public static DotnetSdk? Find(IEnumerable<string> roots, int major)
    {
        foreach (var root in roots)
        {
            var dotnet = Path.Combine(root, DotnetRoot.Command);
            var sdks = Path.Combine(root, "sdk");
            if (!File.Exists(dotnet) || !System.IO.Directory.Exists(sdks))
            {
                continue;
            }

            var newest = System.IO.Directory.EnumerateDirectories(sdks)
                .Select(path => (Path: path, Version: PackageVersion.TryParse(Path.GetFileName(path))))
                .Where(sdk => sdk.Version is not null && MajorOf(sdk.Version) >= major && File.Exists(Path.Combine(sdk.Path, "dotnet.dll")))
                .MaxBy(sdk => sdk.Version);
            if (newest.Path is not null)
            {
                return new DotnetSdk(dotnet, newest.Path);
            }
        }

        return null;
    }

    private static int MajorOf(PackageVersion version) => int.Parse(version.Text.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Roots()
    {
        if (DotnetRoot.Directory is { } own)
        {
            yield return own;
        }

        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            yield return root;
        }

        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var file = new FileInfo(Path.Combine(directory, DotnetRoot.Command));
            if (file.Exists)
            {
                yield return Path.GetDirectoryName(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName)!;
            }
        }
    }
}
