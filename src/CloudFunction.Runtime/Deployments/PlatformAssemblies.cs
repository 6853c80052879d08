using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The assemblies that a worker has before any deployment is loaded: those of its core, of the running framework and of ASP.NET Core's.
/// Folders are listed at the first question, versions read only of the names that are asked for. Thread safe.</summary>
internal sealed class PlatformAssemblies
{
    /// <summary>The assembly that every function project references.</summary>
    public const string Abstractions = "CloudFunction.Abstractions";

    private readonly Func<string, string?> _findFramework;
    private readonly Lazy<FrozenDictionary<string, string[]>> _files;
    private readonly ConcurrentDictionary<string, Version?> _versions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Looks at the worker in <paramref name="workerDirectory"/>, which holds <c>core/</c>, and at this process's frameworks.</summary>
    public PlatformAssemblies(string workerDirectory)
        : this(workerDirectory, SharedFrameworks.Find, Environment.Version)
    {
    }

    /// <summary>Looks at the given frameworks; for tests.</summary>
    /// <param name="workerDirectory">Where the worker lies.</param>
    /// <param name="findFramework">The folder of the framework with a name, or null.</param>
    /// <param name="runtimeVersion">Of the .NET runtime that workers run on.</param>
    public PlatformAssemblies(string workerDirectory, Func<string, string?> findFramework, Version runtimeVersion)
    {
        RuntimeVersion = runtimeVersion;
        RuntimeConfigPath = Path.Combine(workerDirectory, "CloudFunction.Worker.Bootstrap" + RuntimeConfigFile.Suffix);
        _findFramework = findFramework;
        _files = new(() => List([Path.Combine(workerDirectory, "core"), findFramework(SharedFrameworks.Core), findFramework(SharedFrameworks.Web)]));
    }

    /// <summary>Of the .NET runtime that workers run on.</summary>
    public Version RuntimeVersion { get; }

    /// <summary>The worker's own runtime configuration.</summary>
    public string RuntimeConfigPath { get; }

    /// <summary>The highest version of the assembly with this simple name (any case); null where there is none.</summary>
    public Version? FindVersion(string simpleName) =>
        _files.Value.TryGetValue(simpleName, out var paths)
            ? _versions.GetOrAdd(simpleName, static (_, paths) => paths.Select(ReadVersion).Max(), paths)
            : null;

    /// <summary>The version of the assembly with this simple name in one framework; null where that has none, or is not here itself.</summary>
    public Version? FindVersion(string framework, string simpleName) =>
        _findFramework(framework) is { } directory && Path.Combine(directory, simpleName + ".dll") is var path && File.Exists(path)
            ? ReadVersion(path)
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

    private static FrozenDictionary<string, string[]> List(IReadOnlyList<string?> directories) =>
        directories
            .Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFiles(directory!, "*.dll"))
            .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
}
