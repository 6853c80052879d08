using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Holds a <c>requirements.txt</c> beside published assemblies against what was published: nothing is restored for these any more.</summary>
/// <param name="platform">What a worker has of itself: packages of that are not published where the framework has them.</param>
internal sealed class PublishedRequirements(PlatformAssemblies platform)
{
    /// <summary>Returns where every line is met.</summary>
    /// <exception cref="DeploymentException">Lines are wrong or not met; the first ones are named.</exception>
    /// <exception cref="IOException">A file cannot be read at this moment.</exception>
    public void Check(DependencyFile dependencies, string directory)
    {
        var faults = new BoundedLines();
        foreach (var requirement in RequirementsFile.Read(directory))
        {
            if (FindFault(requirement, dependencies) is { } fault)
            {
                faults.Add(fault);
            }
        }

        if (faults.Any)
        {
            throw new DeploymentException(DeploymentErrorCode.DependencyError, faults.ToString());
        }
    }

    private string? FindFault(PackageRequirement requirement, DependencyFile dependencies)
    {
        var range = PackageRange.Parse(requirement.Range);
        var asked = $"{requirement.Where}: {requirement.Text} is asked for, and {dependencies.Name} was published";
        if (dependencies.Versions.TryGetValue(requirement.Name, out var version))
        {
            return requirement.Range == "*" || (PackageVersion.TryParse(version) is { } present && range.Contains(present))
                ? null
                : $"{asked} with {requirement.Name} {version}: publish it with a version that will do, or change the line.";
        }

        return IsInPlatform(requirement.Name, range)
            ? null
            : $"{asked} without {requirement.Name}: add the package to the project and publish it anew, or remove the line.";
    }

    // The SDK leaves out a package that the framework has in that version or a later one, so only the lower bound means something.
    private bool IsInPlatform(string name, PackageRange range)
    {
        if (platform.FindVersion(name) is not { } assembly)
        {
            return false;
        }

        // The framework's assemblies have only its first two numbers, whatever its patch.
        var runtime = platform.RuntimeVersion;
        var version = (assembly.Major, assembly.Minor) == (runtime.Major, runtime.Minor) && runtime > assembly ? runtime : assembly;
        return PackageVersion.TryParse(version.ToString()) is { } present && range.IsReachedBy(present);
    }
}
