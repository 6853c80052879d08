using System.Runtime.InteropServices;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Finds what a folder holds and whether this host can run it, without loading anything of it. Thread safe.</summary>
/// <param name="platform">What a worker has of itself.</param>
internal sealed class DeploymentInspector(PlatformAssemblies platform)
{
    private const string NetCoreTarget = ".NETCoreApp,Version=v";

    // Of both of a target's numbers: no version of .NET has three.
    private const int MaxDigits = 3;

    private readonly PublishedRequirements _requirements = new(platform);

    /// <summary>Inspects the published function project in a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="isPublishedElsewhere">Whether a <c>requirements.txt</c> in it has to be met by what was published; where this host
    /// built it, the build has checked that.</param>
    /// <exception cref="DeploymentException">There is none, or it cannot run here; the message says what to do.</exception>
    /// <exception cref="IOException">The folder cannot be read at this moment, or is changing.</exception>
    public DeploymentContents Inspect(string directory, bool isPublishedElsewhere = false)
    {
        var dependencies = EntryAssemblyFinder.Find(directory);
        var framework = CheckTargetFramework(dependencies);
        var configPath = Path.Combine(directory, dependencies.Name + RuntimeConfigFile.Suffix);
        var config = File.Exists(configPath) ? RuntimeConfigFile.Read(configPath) : null;
        CheckRuntime(dependencies, config);
        CheckAbstractions(dependencies, directory);

        CheckAssemblies(dependencies, directory);
        if (isPublishedElsewhere)
        {
            _requirements.Check(dependencies, directory);
        }

        // Its process starts with its own frameworks only where it has a configuration of its own: a worker finds ASP.NET Core's by itself.
        var usesConfig = config?.OwnReason is not null;
        var overrides = FindFrameworkOverrides(
            dependencies, directory, usesConfig ? [SharedFrameworks.Core, .. config!.Frameworks] : [SharedFrameworks.Core]);
        var reason = config?.OwnReason ?? FindNewerAssembly(dependencies, directory);
        return new DeploymentContents(
            dependencies.Name + ".dll",
            framework,
            dependencies.Packages,
            reason is not null,
            reason,
            usesConfig ? RuntimeConfigMerge.Format(platform.RuntimeConfigPath, configPath) : null,
            overrides.Count > 0 ? overrides : null);
    }

    private string CheckTargetFramework(DependencyFile dependencies)
    {
        if (ReadNetCoreTarget(dependencies.Target) is not { } version)
        {
            throw new DeploymentException(
                DeploymentErrorCode.Invalid,
                $"{dependencies.Name} targets {dependencies.Target}; a function project targets net{platform.RuntimeVersion.ToString(2)}.");
        }

        if (version > platform.RuntimeVersion)
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{dependencies.Name} targets .NET {version}, and this host runs on .NET {platform.RuntimeVersion}: target "
                + $"net{platform.RuntimeVersion.ToString(2)}, or run the host on .NET {version}.");
        }

        return version.Major >= 5 ? $"net{version}" : $"netcoreapp{version}";
    }

    private void CheckRuntime(DependencyFile dependencies, RuntimeConfigFile? config)
    {
        if (dependencies.IsSelfContained || config is { IsSelfContained: true })
        {
            throw new DeploymentException(
                DeploymentErrorCode.Invalid,
                $"{dependencies.Name} was published with a .NET runtime of its own: publish it with `--no-self-contained`.");
        }

        var here = RuntimeInformation.RuntimeIdentifier;
        if (dependencies.RuntimeIdentifier is { } target && !RuntimeIdentifier.Read(target).RunsOn(RuntimeIdentifier.Read(here)))
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{dependencies.Name} was published for {target}, and this host runs on {here}: publish it without a runtime identifier "
                + $"(`-r`, RuntimeIdentifier), or for {here}.");
        }

        if (platform.IsSelfContained
            && config?.Frameworks.FirstOrDefault(
                name => name is not (SharedFrameworks.Core or SharedFrameworks.Web) || !platform.HasFramework(name)) is { } framework)
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{dependencies.Name} needs the framework {framework}, and this host was published self-contained, without it for its workers: run "
                + "the host on a shared .NET that has it (publish the host with --no-self-contained), or do without that framework.");
        }

        if (config?.RuntimeVersion > platform.RuntimeVersion)
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{dependencies.Name} asks for .NET {config.RuntimeVersion}, and this host runs on .NET {platform.RuntimeVersion}: run the host on "
                + $".NET {config.RuntimeVersion}, or publish without a patch version of its own.");
        }
    }

    private void CheckAbstractions(DependencyFile dependencies, string directory)
    {
        var asset = dependencies.Assets.FirstOrDefault(
            asset => asset.SimpleName.Equals(PlatformAssemblies.Abstractions, StringComparison.OrdinalIgnoreCase));
        if (asset is null || platform.FindVersion(PlatformAssemblies.Abstractions) is not { } here)
        {
            return; // Named by nobody: then the worker finds no function and reports it.
        }

        var version = GetVersion(asset, directory);
        if (version > here)
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{dependencies.Name} was built with {PlatformAssemblies.Abstractions} {version}, and this host has {here}: update the host, or "
                + $"build with {here.ToString(3)}.");
        }
    }

    /// <exception cref="DeploymentException">An assembly is missing that the platform has not either.</exception>
    private void CheckAssemblies(DependencyFile dependencies, string directory)
    {
        foreach (var asset in dependencies.Assets.Where(asset => asset.IsRequired && asset.Find(directory) is null))
        {
            // A worker takes the highest version there is, so one that the platform has need not be there twice.
            if (platform.FindVersion(asset.SimpleName) is not { } here || asset.AssemblyVersion > here)
            {
                throw new DeploymentException(
                    DeploymentErrorCode.DependencyError,
                    $"{asset.SimpleName}.dll of {asset.Library.Replace('/', ' ')} is missing: copy the whole output of `dotnet publish`, not that "
                    + "of `dotnet build`.");
            }
        }
    }

    /// <summary>Why a process that already has the platform's assemblies cannot take this deployment; null where it can.</summary>
    private string? FindNewerAssembly(DependencyFile dependencies, string directory)
    {
        foreach (var asset in dependencies.Assets)
        {
            if (platform.FindVersion(asset.SimpleName) is { } here && GetPresentVersion(asset, directory) is { } version && version > here)
            {
                return $"it brings {asset.SimpleName} {version}, newer than the {here} of the worker";
            }
        }

        return null;
    }

    /// <summary>What it brings in a higher version than the frameworks that its process starts on. The runtime never replaces one of these by itself
    /// (https://github.com/dotnet/runtime/issues/124735), so the process has to be started with them.</summary>
    private List<FrameworkOverride> FindFrameworkOverrides(DependencyFile dependencies, string directory, IReadOnlyList<string> frameworks)
    {
        Dictionary<string, FrameworkOverride> overrides = new(StringComparer.OrdinalIgnoreCase);
        foreach (var asset in dependencies.Assets)
        {
            if (frameworks.Select(framework => platform.FindVersion(framework, asset.SimpleName)).Max() is { } here
                && GetPresentVersion(asset, directory) is { } version && version > here)
            {
                // What is for this platform alone comes after what is for all of them, and wins.
                var path = Path.GetRelativePath(directory, asset.Find(directory)!).Replace(Path.DirectorySeparatorChar, '/');
                overrides[asset.SimpleName] = new FrameworkOverride(path, version);
            }
        }

        return [.. overrides.Values.OrderBy(found => found.Path, StringComparer.Ordinal)];
    }

    /// <summary>The version of an assembly that is there; null where it is not.</summary>
    private static Version? GetPresentVersion(DependencyAsset asset, string directory) =>
        asset.Find(directory) is null ? null : GetVersion(asset, directory);

    private static Version? GetVersion(DependencyAsset asset, string directory) =>
        asset.AssemblyVersion ?? (asset.Find(directory) is { } path ? PlatformAssemblies.ReadVersion(path) : null);

    // 10.0 of .NETCoreApp,Version=v10.0; null where it is another platform's.
    private static Version? ReadNetCoreTarget(string target) =>
        target.StartsWith(NetCoreTarget, StringComparison.Ordinal)
        && target[NetCoreTarget.Length..].Split('.', 3) is [var major, var minor] && IsNumber(major) && IsNumber(minor)
            ? Version.Parse($"{major}.{minor}")
            : null;

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxDigits && !text.ContainsAnyExceptInRange('0', '9');
}
