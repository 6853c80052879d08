using System.Security.Cryptography;
using System.Text;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>The versions that were restored for a project, in <c>requirements.lock</c> in its folder, or beside its builds where the folder is
/// read-only: the next build takes the same ones, for as long as the project asks for the same packages.</summary>
internal static class RequirementsLock
{
    /// <summary>Its name.</summary>
    public const string FileName = "requirements.lock";

    private const string Key = "# for: ";

    /// <summary>What the lock of these packages is recognized by.</summary>
    public static string KeyOf(IEnumerable<PackageRequirement> packages) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', packages.Select(p => $"{p.Name.ToUpperInvariant()} {p.Range}")))))[..16];

    /// <summary>The packages with their versions; null where there is no lock, it is for other packages, or somebody broke it.</summary>
    /// <param name="folder">The project's folder.</param>
    /// <param name="builds">Where it is built.</param>
    /// <param name="key">What it is recognized by.</param>
    /// <exception cref="IOException">It cannot be read at this moment.</exception>
    public static IReadOnlyDictionary<string, string>? Read(string folder, BuildDirectory builds, string key) =>
        Read(folder, key) ?? Read(builds.Path, key);

    /// <summary>Writes the lock into the project's folder; where that cannot be written, beside its builds.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public static void Write(string folder, BuildDirectory builds, string key, IReadOnlyDictionary<string, string> packages)
    {
        var text = new StringBuilder(
            "# The packages that were restored for this project. Written by the host; delete the file to have them resolved anew.\n");
        text.Append(Key).Append(key).Append('\n');
        foreach (var (name, version) in packages.OrderBy(package => package.Key, StringComparer.OrdinalIgnoreCase))
        {
            text.Append(name).Append("==").Append(version).Append('\n');
        }

        var content = Encoding.UTF8.GetBytes(text.ToString());
        try
        {
            DurableFile.Write(Path.Combine(folder, FileName), content);
            File.Delete(builds.File(FileName)); // Whoever deletes the other one wants no lock at all.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DurableFile.Write(builds.File(FileName), content);
        }
    }

    private static SortedDictionary<string, string>? Read(string directory, string key)
    {
        if (SmallFile.TryRead(Path.Combine(directory, FileName)) is not { } content)
        {
            return null;
        }

        var lines = Encoding.UTF8.GetString(content).ReplaceLineEndings("\n").Split('\n');
        if (!lines.Contains(Key + key))
        {
            return null;
        }

        var packages = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.Split("==") is not [var name, var version] || PackageVersion.TryParse(version) is null || !packages.TryAdd(name, version))
            {
                return null;
            }
        }

        return packages;
    }
}
