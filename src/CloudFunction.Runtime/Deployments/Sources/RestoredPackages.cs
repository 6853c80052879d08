using System.Text.Json;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>Reads which packages a restore has chosen.</summary>
internal static class RestoredPackages
{
    /// <summary>The name of the file that a restore writes, where no property moves it.</summary>
    public const string FileName = "project.assets.json";

    /// <summary>Names and versions.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
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
