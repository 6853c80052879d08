using System.Reflection;
using System.Runtime.Loader;

namespace CloudFunction.Worker.Bootstrap;

/// <summary>Finds what a deployment has newer than this process can still take.</summary>
internal static class AssemblyConflicts
{
    /// <summary>Refuses a deployment at once and in one line, rather than at some call that first meets the older version.</summary>
    /// <exception cref="FileLoadException">It brings a higher version of what is loaded or cannot be replaced.</exception>
    public static void Refuse(AssemblyDependencyResolver deployment, string coreDirectory)
    {
        foreach (var path in TrustedAssemblies.Paths)
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (Newer(deployment, name, path) is var (brought, present))
            {
                throw new FileLoadException(
                    $"The deployment brings {name} {brought}, and .NET {Environment.Version} has {present}, which cannot be replaced in a running "
                    + "process: start one with the newer assembly (--additional-deps), or run the host on a newer .NET.",
                    name);
            }
        }

        foreach (var path in Directory.EnumerateFiles(coreDirectory, "CloudFunction.*.dll"))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (OwnAssemblies.Contains(name) && Newer(deployment, name, path) is var (brought, present))
            {
                throw new FileLoadException(
                    $"The deployment was built with {name} {brought}, and this host's worker has {present}: update the host's CloudFunction "
                    + $"packages, or build the project with {present}.",
                    name);
            }
        }

        foreach (var assembly in AssemblyLoadContext.Default.Assemblies)
        {
            if (!assembly.IsDynamic
                && assembly.Location.Length > 0
                && assembly.GetName().Name is { } name
                && Newer(deployment, name, assembly.Location) is var (brought, present))
            {
                throw new FileLoadException(
                    $"The deployment brings {name} {brought}, and this process has already loaded {present}: the deployment needs a "
                    + "process of its own.",
                    name);
            }
        }
    }

    private static (Version Brought, Version Present)? Newer(AssemblyDependencyResolver deployment, string simpleName, string presentPath)
    {
        if (deployment.ResolveAssemblyToPath(new AssemblyName(simpleName)) is not { } path
            || string.Equals(path, presentPath, StringComparison.Ordinal))
        {
            return null;
        }

        var brought = TrustedAssemblies.Read(path);
        var present = TrustedAssemblies.Read(presentPath);
        return brought > present ? (brought, present) : null;
    }
}
