using System.Reflection;

namespace CloudFunction.Worker.Bootstrap;

/// <summary>The assemblies that the runtime was started with: Microsoft.NETCore.App, the bootstrap, and what the host's command line added.</summary>
internal static class TrustedAssemblies
{
    /// <summary>Their paths.</summary>
    public static string[] Paths =>
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? string.Empty).Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The version that such an assembly has, or <see langword="null"/> where there is none of that name.</summary>
    public static Version? VersionOf(string simpleName)
    {
        foreach (var path in Paths)
        {
            if (Path.GetFileNameWithoutExtension(path.AsSpan()).Equals(simpleName, StringComparison.OrdinalIgnoreCase))
            {
                return Read(path);
            }
        }

        return null;
    }

    /// <summary>The assembly version that a file states.</summary>
    /// <exception cref="BadImageFormatException">It is no assembly.</exception>
    public static Version Read(string path) => AssemblyName.GetAssemblyName(path).Version ?? new Version(0, 0, 0, 0);
}
