namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>What the host writes must not lie where projects are looked for, nor two of its stores in one place.</summary>
internal static class SeparateDirectories
{
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
    }

    private static bool IsWithin(string directory, string other)
    {
        var relative = Path.GetRelativePath(other, directory);
        return relative == "." || (!Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }
}
