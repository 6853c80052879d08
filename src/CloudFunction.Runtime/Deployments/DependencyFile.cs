using System.Runtime.InteropServices;
using System.Text.Json;

namespace CloudFunction.Runtime.Deployments;

/// <summary>What matters here of a <c>.deps.json</c>
/// (https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md).</summary>
internal sealed class DependencyFile
{
    /// <summary>Ends the file's name.</summary>
    public const string Suffix = ".deps.json";

    private static readonly string[] Platforms = GetPlatforms();

    private DependencyFile(
        string name,
        string target,
        string? runtimeIdentifier,
        IReadOnlyDictionary<string, string> versions,
        IReadOnlyList<string> packages,
        IReadOnlyList<DependencyAsset> assets,
        bool isSelfContained)
    {
        Name = name;
        Target = target;
        RuntimeIdentifier = runtimeIdentifier;
        Versions = versions;
        Packages = packages;
        Assets = assets;
        IsSelfContained = isSelfContained;
    }

    /// <summary>The simple name of the assembly it belongs to.</summary>
    public string Name { get; }

    /// <summary>The long name of its target, such as <c>.NETCoreApp,Version=v10.0</c>, less any runtime identifier.</summary>
    public string Target { get; }

    /// <summary>The platform that it was published for, such as <c>linux-x64</c>; null for any.</summary>
    public string? RuntimeIdentifier { get; }

    /// <summary>The versions of all packages and projects in it, by name in any case.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; }

    /// <summary>Packages that the project names, else all, as <c>Name==1.2.3</c>.</summary>
    public IReadOnlyList<string> Packages { get; }

    /// <summary>All managed assemblies that this platform may load.</summary>
    public IReadOnlyList<DependencyAsset> Assets { get; }

    /// <summary>Whether it brings a .NET runtime of its own.</summary>
    public bool IsSelfContained { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="DeploymentException">It is not what the SDK writes.</exception>
    /// <exception cref="IOException">It cannot be read at this moment.</exception>
    public static DependencyFile Read(string path)
    {
        using var document = BoundedJson.Read(path);
        try
        {
            return Read(Path.GetFileName(path)[..^Suffix.Length], document.RootElement);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DeploymentException(
                DeploymentErrorCode.Invalid,
                $"{Path.GetFileName(path)} is not what the .NET SDK writes ({exception.Message}): publish the project anew with `dotnet publish`.",
                exception);
        }
    }

    private static DependencyFile Read(string name, JsonElement root)
    {
        var targetName = root.GetProperty("runtimeTarget") is { ValueKind: JsonValueKind.Object } runtimeTarget
            ? runtimeTarget.GetProperty("name").GetString()!
            : root.GetProperty("runtimeTarget").GetString()!;
        var target = root.GetProperty("targets").GetProperty(targetName);
        var libraries = root.GetProperty("libraries").EnumerateObject()
            .ToDictionary(library => library.Name, library => library.Value.GetProperty("type").GetString(), StringComparer.OrdinalIgnoreCase);
        return new DependencyFile(
            name,
            targetName.Split('/')[0],
            targetName.Split('/') is [_, { Length: > 0 } platform, ..] ? platform : null,
            libraries.Keys.GroupBy(NameOf, VersionOf, StringComparer.OrdinalIgnoreCase).ToDictionary(
                group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase),
            GetPackages(name, target, libraries),
            [.. target.EnumerateObject().SelectMany(ReadAssets)],
            libraries.ContainsValue("runtimepack"));
    }

    private static List<string> GetPackages(string name, JsonElement target, Dictionary<string, string?> libraries)
    {
        var packages = libraries.Where(library => library.Value == "package").Select(library => library.Key).Order(StringComparer.OrdinalIgnoreCase);
        var project = target.EnumerateObject().FirstOrDefault(library =>
            libraries.GetValueOrDefault(library.Name) == "project" && NameOf(library.Name).Equals(name, StringComparison.OrdinalIgnoreCase));
        if (project.Value.ValueKind == JsonValueKind.Object)
        {
            var direct = project.Value.TryGetProperty("dependencies", out var dependencies)
                ? dependencies.EnumerateObject().Select(dependency => dependency.Name).ToHashSet(StringComparer.OrdinalIgnoreCase)
                : [];
            return [.. packages.Where(package => direct.Contains(NameOf(package))).Select(Format)];
        }

        return [.. packages.Select(Format)];
    }

    private static IEnumerable<DependencyAsset> ReadAssets(JsonProperty library)
    {
        if (library.Value.TryGetProperty("runtime", out var runtime))
        {
            foreach (var asset in runtime.EnumerateObject().Where(IsAssembly))
            {
                // `dotnet publish` flattens; SDK 10 and later records where to (localPath); a build's output keeps the package's folders.
                string[] paths = asset.Value.TryGetProperty("localPath", out var local)
                    ? [local.GetString()!, Path.GetFileName(asset.Name), asset.Name]
                    : [Path.GetFileName(asset.Name), asset.Name];
                yield return new DependencyAsset(library.Name, paths, ReadVersion(asset.Value), IsRequired: true);
            }
        }

        if (library.Value.TryGetProperty("runtimeTargets", out var runtimeTargets))
        {
            // The most specific comes last, and so wins over the others of its name.
            foreach (var asset in runtimeTargets.EnumerateObject()
                .Where(IsAssembly)
                .OrderByDescending(asset => Array.IndexOf(Platforms, asset.Value.GetProperty("rid").GetString())))
            {
                if (asset.Value.GetProperty("assetType").GetString() == "runtime" && Platforms.Contains(asset.Value.GetProperty("rid").GetString()))
                {
                    yield return new DependencyAsset(library.Name, [asset.Name], ReadVersion(asset.Value), IsRequired: false);
                }
            }
        }
    }

    private static bool IsAssembly(JsonProperty asset) => asset.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    private static Version? ReadVersion(JsonElement asset) =>
        asset.TryGetProperty("assemblyVersion", out var version) ? Version.Parse(version.GetString()!) : null;

    private static string NameOf(string library) => library.Split('/')[0];

    private static string VersionOf(string library) => library[(library.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static string Format(string library) => library.Replace("/", "==", StringComparison.Ordinal);

    private static string[] GetPlatforms()
    {
        var portable = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        return [
            RuntimeInformation.RuntimeIdentifier,
            $"{portable}-{architecture}",
            portable,
            .. OperatingSystem.IsWindows() ? Array.Empty<string>() : ["unix"],
            "any",
        ];
    }
}
