namespace CloudFunction.Runtime.Configuration;

/// <summary>Which of the host's folders other users of the machine can get into. Those that the host makes are its user's alone; others it
/// leaves as they are.</summary>
internal static class FolderRights
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode Passing = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>What to warn of: one line; null where there is nothing, and on Windows, where rights are inherited and seldom written at
    /// the folder itself.</summary>
    public static string? FindWarning(CloudFunctionOptions options, string? envFile)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        (string Name, string? Path)[] all =
        [
            ("DATA_DIR", options.DataDirectory), ("DEPLOYMENTS_DIR", options.DeploymentsDirectory), ("LOG_DIR", options.LogDirectory),
            ("CONFIG_DIR", options.ConfigDirectory), ("PROJECTS_DIR", options.ProjectsDirectory), (".env", envFile),
        ];
        var open = all.Where(one => one.Path is { } path && IsOpen(path)).ToList();
        var folders = string.Join(' ', open.Where(one => one.Name != ".env").Select(one => $"'{one.Path}'"));
        var file = open.Any(one => one.Name == ".env") ? $"chmod 600 '{envFile}'" : null;
        string?[] fixes = [folders.Length > 0 ? $"chmod 700 {folders}" : null, file];
        return open.Count == 0 ? null
            : $"Other users of this machine can read or write {string.Join(", ", open.Select(one => one.Name))}: "
                + $"tasks, logs, deployments and secrets may be in there. Unless that is meant: {string.Join("; ", fixes.OfType<string>())}";
    }

    private static bool IsOpen(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            return (File.Exists(full) || Directory.Exists(full))
                && (ModeOf(full) & Others) != 0
                && Ancestors(full).All(folder => (ModeOf(folder) & Passing) != 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // Not even this user may read it.
        }
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(path);

    private static IEnumerable<string> Ancestors(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }
}
