namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>Where a file name of a logging file leads.</summary>
internal static class LogFilePath
{
    /// <summary>What stands for the project's name.</summary>
    public const string Project = "{project_name}";

    // Names begin with it where the system ran from the directory above its own.
    private const string EarlierRoot = "cloudfunction/";

    private const string Logs = "logs/";

    /// <summary>Names that meet on the disk are equal here.</summary>
    public static StringComparer Comparer { get; } = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Finds the absolute path.</summary>
    /// <param name="name">The name as it was written.</param>
    /// <param name="paths">What it may be relative to.</param>
    /// <param name="error">What is wrong, and what is allowed; null where nothing is.</param>
    public static string Resolve(string name, LoggingPaths paths, out string? error)
    {
        error = FindError(name);
        if (error is not null)
        {
            return name;
        }

        var path = Combine(OperatingSystem.IsWindows() ? name.Replace('\\', '/') : name, paths);
        if (CountOf(path) != CountOf(name))
        {
            error = $"'..' takes {Project} back in the file name '{name}'; allowed is a path that keeps it";
        }

        return path;
    }

    private static string Combine(string name, LoggingPaths paths)
    {
        var rest = WithoutDots(name);
        if (rest.StartsWith(EarlierRoot, StringComparison.Ordinal))
        {
            rest = WithoutDots(rest[EarlierRoot.Length..]);
        }

        return rest.StartsWith(Logs, StringComparison.Ordinal)
            ? Path.GetFullPath(rest[Logs.Length..].TrimStart('/'), paths.LogDirectory)
            : Path.GetFullPath(rest, paths.ContentRoot);
    }

    private static string WithoutDots(string name)
    {
        while (name.StartsWith("./", StringComparison.Ordinal))
        {
            name = name[2..].TrimStart('/');
        }

        return name;
    }

    private static string? FindError(string name)
    {
        var folders = name.Split(OperatingSystem.IsWindows() ? ['/', '\\'] : ['/']);
        var file = folders[^1];
        if (file is "" or "." or "..")
        {
            return $"the file name '{name}' names a folder; allowed is the name of a file, such as logs/app.log";
        }

        // No path may have a NUL, wherever it stands; the rest may have a meaning in folders, such as the colon of a drive.
        if (name.Contains('\0', StringComparison.Ordinal) || file.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()))
        {
            return $"the file name '{name}' has characters that no file name has on this system";
        }

        foreach (var folder in folders)
        {
            if (folder.Replace(Project, "", StringComparison.Ordinal).AsSpan().ContainsAny('{', '}'))
            {
                return $"the file name '{name}' has braces that mean nothing; allowed is {Project}";
            }
        }

        return Array.Exists(folders[..^1], folder => folder != Project && folder.Contains(Project, StringComparison.Ordinal))
            ? $"{Project} is a part of a folder's name in '{name}'; allowed is a folder's whole name, or a part of the file's"
            : null;
    }

    private static int CountOf(string path) => path.Split(Project).Length - 1;
}
