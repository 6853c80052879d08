using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.InteropServices;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The assemblies that a worker has before any deployment is loaded: those of its core, of the running framework and of ASP.NET Core's.
/// Folders are listed at the first question, versions read only of the names that are asked for. Thread safe.</summary>
internal sealed class PlatformAssemblies
{
    /// <summary>The assembly that every function project references.</summary>
    public const string Abstractions = "CloudFunction.Abstractions";

    private readonly Lazy<FrozenDictionary<string, string[]>> _files;
    private readonly ConcurrentDictionary<string, Version?> _versions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at the worker in <paramref name="workerDirectory"/>, which holds <c>core/</c>, and at this process's frameworks.</summary>
    public PlatformAssemblies(string workerDirectory)
        : this([Path.Combine(workerDirectory, "core"), .. FindFrameworks()], Environment.Version)
    {
    }

    /// <summary>Looks at the given folders; for tests.</summary>
    public PlatformAssemblies(IReadOnlyList<string> directories, Version runtimeVersion)
    {
        RuntimeVersion = runtimeVersion;
        _files = new(() => List(directories));
    }

    /// <summary>Of the .NET runtime that workers run on.</summary>
    public Version RuntimeVersion { get; }

    /// <summary>The highest version of the assembly with this simple name (any case); null where there is none.</summary>
    public Version? FindVersion(string simpleName) =>
        _files.Value.TryGetValue(simpleName, out var paths)
            ? _versions.GetOrAdd(simpleName, static (_, paths) => paths.Select(ReadVersion).Max(), paths)
            : null;

    /// <summary>The version of the assembly in a file; null where it holds none that is managed.</summary>
    public static Version? ReadVersion(string path)
    {
        try
        {
            return AssemblyName.GetAssemblyName(path).Version;
        }
        catch (BadImageFormatException)
        {
            return null; // native
        }
    }

    private static FrozenDictionary<string, string[]> List(IReadOnlyList<string> directories) =>
        directories
            .Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFiles(directory, "*.dll"))
            .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> FindFrameworks()
    {
        // …/shared/Microsoft.NETCore.App/10.0.1/ has its sibling …/shared/Microsoft.AspNetCore.App/10.0.1/. The two are serviced
        // together, but one may be missing or lag behind: then the highest of the same major and minor version is what `dotnet` picks.
        var core = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        yield return core;
        var web = Path.Combine(core, "..", "..", "Microsoft.AspNetCore.App");
        if (!Directory.Exists(web))
        {
            yield break;
        }

        var newest = Directory.EnumerateDirectories(web)
            .Select(path => (Path: path, Version: Version.TryParse(Path.GetFileName(path), out var version) ? version : null))
            .Where(entry => entry.Version?.Major == Environment.Version.Major && entry.Version.Minor == Environment.Version.Minor)
            .OrderByDescending(entry => entry.Version)
            .Select(entry => entry.Path)
            .FirstOrDefault();
        if (newest is not null)
        {
            yield return newest;
        }
    }
}
