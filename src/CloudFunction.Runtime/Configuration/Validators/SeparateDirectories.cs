namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>What the host writes must not lie among the projects, nor two of its stores in one place.</summary>
internal static class SeparateDirectories
{
    // As the logging file has it; a LOG_DIR of "." would make it the default of PROJECTS_DIR.
    private const string LogsOfProjects = "projects";

    /// <summary>The settings at fault and what is allowed; nothing where all is well. Directories are absolute.</summary>
    public static IEnumerable<(string Setting, string Allowed)> Validate(CloudFunctionOptions options)
    {
        if (IsWithin(options.DeploymentsDirectory, options.ProjectsDirectory))
        {
            yield return ("DEPLOYMENTS_DIR", "a directory outside PROJECTS_DIR, where each folder is a project");
        }

        if (IsWithin(options.DataDirectory, options.ProjectsDirectory))
        {
            yield return ("DATA_DIR", "a directory outside PROJECTS_DIR, where each folder is a project");
        }

        if (IsWithin(options.DataDirectory, options.DeploymentsDirectory))
        {
            yield return ("DATA_DIR", "a directory outside DEPLOYMENTS_DIR, where each folder is a project's");
        }

        if (IsWithin(options.ProjectsDirectory, options.DeploymentsDirectory))
        {
            yield return ("PROJECTS_DIR", "a directory outside DEPLOYMENTS_DIR, where each folder is a project's");
        }

        foreach (var (setting, directory) in new[] { ("LOG_DIR", options.LogDirectory), ("CONFIG_DIR", options.ConfigDirectory) })
        {
            if (IsWithin(directory, options.ProjectsDirectory) || IsWithin(directory, options.DeploymentsDirectory))
            {
                yield return (setting, "a directory outside PROJECTS_DIR and DEPLOYMENTS_DIR, where each folder is a project's");
            }
        }

        if (IsWithin(options.ProjectsDirectory, Path.Combine(options.LogDirectory, LogsOfProjects)))
        {
            yield return ("PROJECTS_DIR", $"a directory outside {LogsOfProjects} in LOG_DIR, where each folder has a project's logs");
        }
    }

    private static bool IsWithin(string directory, string other)
    {
        var relative = Path.GetRelativePath(other, directory);
        return relative == "."
            || (!Path.IsPathRooted(relative)
                && relative != ".."
                && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }
}
