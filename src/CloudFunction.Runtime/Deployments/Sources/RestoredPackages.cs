using System.Text.Json;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Reads which packages a restore has chosen.</summary>
internal static class RestoredPackages
{
    /// <summary>Names and versions, from <c>project.assets.json</c>.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(string objDirectory)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(objDirectory, "project.assets.json")));
        var packages = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var library in document.RootElement.GetProperty("libraries").EnumerateObject())
        {
            if (library.Value.GetProperty("type").ValueEquals("package") && library.Name.Split('/') is [var name, var version])
            {
                packages[name] = version;
            }
        }

        return packages;
    }
}
