using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Puts together the packages that a project asks for in several places.</summary>
internal static class PackageList
{
    /// <summary>All of them, by name.</summary>
    /// <param name="common">Of the file that applies to all projects; what a project names itself wins over it.</param>
    /// <param name="requirements">Of the project's own <c>requirements.txt</c>.</param>
    /// <param name="directives">Of its C# files.</param>
    /// <exception cref="DeploymentException">Two places of the project contradict each other, and the first such pairs are named; or there are
    /// too many packages.</exception>
    public static IReadOnlyList<PackageRequirement> Merge(
        IReadOnlyList<PackageRequirement> common, IReadOnlyList<PackageRequirement> requirements, IReadOnlyList<PackageRequirement> directives)
    {
        var errors = new BoundedLines();
        var packages = new SortedDictionary<string, PackageRequirement>(StringComparer.OrdinalIgnoreCase);
        foreach (var package in requirements.Concat(directives))
        {
            if (!packages.TryGetValue(package.Name, out var known) || known.Range == "*")
            {
                packages[package.Name] = package;
            }
            else if (package.Range != "*" && !IsSame(package.Range, known.Range))
            {
                errors.Add($"{package.Where}: {package.Text} contradicts {known.Text} at {known.Where}; name its versions in one place.");
            }
        }

        if (errors.Any)
        {
            throw new DeploymentException(DeploymentErrorCode.DependencyError, errors.ToString());
        }

        foreach (var package in common)
        {
            packages.TryAdd(package.Name, package);
        }

        return packages.Count <= RequirementsFile.MaxPackages ? [.. packages.Values] : throw new DeploymentException(
            DeploymentErrorCode.DependencyError,
            $"The project asks for {packages.Count} packages; at most {RequirementsFile.MaxPackages} are allowed.");
    }

    // "#:package A@1.2" and "A==1.2" mean the same to who writes them.
    private static bool IsSame(string left, string right) => left.Trim('[', ']') == right.Trim('[', ']');
}
