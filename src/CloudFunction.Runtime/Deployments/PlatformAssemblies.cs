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

    private readonly Func<string, FrameworkFolder?> _findFramework;
    private readonly Lazy<FrozenDictionary<string, string[]>> _files;
    private readonly ConcurrentDictionary<string, Version?> _versions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the worker in <paramref name="workerDirectory"/>, which holds <c>core/</c>, and this process's frameworks.</summary>
    public PlatformAssemblies(string workerDirectory)
        : this(workerDirectory, SharedFrameworks.Find, Environment.Version, DotnetRoot.IsSelfContained)
    {
    }

    /// <summary>Reads the given frameworks; for tests.</summary>
    /// <param name="workerDirectory">Where the worker lies.</param>
    /// <param name="findFramework">The folder of the framework with a name, or null.</param>
    /// <param name="runtimeVersion">Of the .NET runtime that workers run on.</param>
    /// <param name="isSelfContained">Whether that runtime came with the host, so that the bootstrap lies with it.</param>
    public PlatformAssemblies(
        string workerDirectory, Func<string, FrameworkFolder?> findFramework, Version runtimeVersion, bool isSelfContained = false)
    {
        var frameworks = new ConcurrentDictionary<string, FrameworkFolder?>();
        RuntimeVersion = runtimeVersion;
        IsSelfContained = isSelfContained;
        _findFramework = name => frameworks.GetOrAdd(name, findFramework);
        RuntimeConfigPath = Path.Combine(
            isSelfContained ? _findFramework(SharedFrameworks.Core)!.Path : workerDirectory,
            "CloudFunction.Worker.Bootstrap" + RuntimeConfigFile.Suffix);
        _files = new(() => List([
            new FrameworkFolder(Path.Combine(workerDirectory, "core")),
            _findFramework(SharedFrameworks.Core),
            _findFramework(SharedFrameworks.Web),
        ]));
    }

    /// <summary>Of the .NET runtime that workers run on.</summary>
    public Version RuntimeVersion { get; }

    /// <summary>Whether that runtime came with the host: then workers have its frameworks and no others.</summary>
    public bool IsSelfContained { get; }

    /// <summary>The worker's own runtime configuration.</summary>
    public string RuntimeConfigPath { get; }

    /// <summary>The highest version of the assembly with this simple name (any case); null where there is none.</summary>
    public Version? FindVersion(string simpleName) =>
        _files.Value.TryGetValue(simpleName, out var paths)
            ? _versions.GetOrAdd(simpleName, static (_, paths) => paths.Select(ReadVersion).Max(), paths)
            : null;

    /// <summary>The version of the assembly with this simple name in one framework; null where that has none, or is not here itself.</summary>
    public Version? FindVersion(string framework, string simpleName) =>
        _findFramework(framework)?.Find(simpleName + ".dll") is { } path ? ReadVersion(path) : null;

    /// <summary>Whether a framework is here.</summary>
    public bool HasFramework(string name) => _findFramework(name) is not null;

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

    private static FrozenDictionary<string, string[]> List(IReadOnlyList<FrameworkFolder?> folders) =>
        folders
            .SelectMany(folder => folder?.Files ?? [])
            .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);
}
