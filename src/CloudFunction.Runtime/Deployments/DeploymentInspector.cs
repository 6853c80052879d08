using System.Text.RegularExpressions;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Tells what a folder holds and whether this host can run it, without loading anything of it. Thread safe.</summary>
/// <param name="platform">What a worker has of itself.</param>
internal sealed partial class DeploymentInspector(PlatformAssemblies platform)
{
    /// <summary>Looks at the published function project in a folder.</summary>
    /// <exception cref="DeploymentException">There is none, or it cannot run here; the message says what to do.</exception>
    /// <exception cref="IOException">The folder cannot be read at this moment, or is changing.</exception>
    public DeploymentContents Inspect(string directory)
    {
        var dependencies = EntryAssemblyFinder.Find(directory);
        var framework = CheckTargetFramework(dependencies);
        var configPath = Path.Combine(directory, dependencies.Name + RuntimeConfigFile.Suffix);
        var config = File.Exists(configPath) ? RuntimeConfigFile.Read(configPath) : null;
        CheckRuntime(dependencies, config);
        CheckAbstractions(dependencies, directory);

        var reason = config?.OwnReason ?? FindNewerAssembly(dependencies, directory);
        return new DeploymentContents(
            dependencies.Name + ".dll",
            framework,
            dependencies.Packages,
            reason is not null,
            reason,
            config?.OwnReason is null ? null : Path.GetFileName(configPath));
    }

    private string CheckTargetFramework(DependencyFile dependencies)
    {
        var match = NetCoreTarget().Match(dependencies.Target);
        if (!match.Success || !Version.TryParse(match.Groups[1].ValueSpan, out var version))
        {
            throw new DeploymentException(
                DeploymentErrorCode.Invalid,
                $"{dependencies.Name} targets {dependencies.Target}; a function project targets net{platform.RuntimeVersion.ToString(2)}.");
        }

        if (version > platform.RuntimeVersion)
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{dependencies.Name} targets .NET {version}, and this host runs on .NET {platform.RuntimeVersion}: target net{platform.RuntimeVersion.ToString(2)}, or run the host on .NET {version}.");
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

        if (config?.RuntimeVersion > platform.RuntimeVersion)
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{dependencies.Name} asks for .NET {config.RuntimeVersion}, and this host runs on .NET {platform.RuntimeVersion}: run the host on .NET {config.RuntimeVersion}, or publish without a patch version of its own.");
        }
    }

    private void CheckAbstractions(DependencyFile dependencies, string directory)
    {
        var asset = dependencies.Assets.FirstOrDefault(asset => asset.SimpleName.Equals(PlatformAssemblies.Abstractions, StringComparison.OrdinalIgnoreCase));
        if (asset is null || platform.FindVersion(PlatformAssemblies.Abstractions) is not { } here)
        {
            return; // Named by nobody: then the worker finds no function and says so.
        }

        var version = GetVersion(asset, directory);
        if (version > here)
        {
            throw new DeploymentException(
                DeploymentErrorCode.DependencyError,
                $"{dependencies.Name} was built with {PlatformAssemblies.Abstractions} {version}, and this host has {here}: update the host, or build with {here.ToString(3)}.");
        }
    }

    /// <summary>Why a process that already has the platform's assemblies cannot take this deployment; null where it can.</summary>
    /// <exception cref="DeploymentException">An assembly is missing that the platform has not either.</exception>
    private string? FindNewerAssembly(DependencyFile dependencies, string directory)
    {
        string? reason = null;
        foreach (var asset in dependencies.Assets)
        {
            var here = platform.FindVersion(asset.SimpleName);
            if (asset.Find(directory) is null)
            {
                // A worker takes the highest version there is, so one that the platform has need not be there twice.
                if (asset.IsRequired && (here is null || asset.AssemblyVersion > here))
                {
                    throw new DeploymentException(
                        DeploymentErrorCode.DependencyError,
                        $"{asset.SimpleName}.dll of {asset.Library.Replace('/', ' ')} is missing: copy the whole output of `dotnet publish`, not that of `dotnet build`.");
                }

                continue;
            }

            if (here is not null && GetVersion(asset, directory) is { } version && version > here)
            {
                reason ??= $"it brings {asset.SimpleName} {version}, newer than the {here} of the worker";
            }
        }

        return reason;
    }

    private static Version? GetVersion(DependencyAsset asset, string directory) =>
        asset.AssemblyVersion ?? (asset.Find(directory) is { } path ? PlatformAssemblies.ReadVersion(path) : null);

    [GeneratedRegex(@"\A\.NETCoreApp,Version=v(\d{1,3}\.\d{1,3})\z", RegexOptions.CultureInvariant)]
    private static partial Regex NetCoreTarget();
}
