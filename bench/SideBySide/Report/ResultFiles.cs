using System.Text.Encodings.Web;
using System.Text.Json;
using SideBySide.Processes;

namespace SideBySide.Report;

internal static class ResultFiles
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        // A file, never a page: "≥" stays readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes <c>date-commit.md</c> and <c>.json</c>; a second run on one day and commit replaces the first.</summary>
    /// <returns>The report's path from the repository's root.</returns>
    public static async Task<string> WriteAsync(string output, ComparisonResult result, string report, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(output, Repository.Root);
        Directory.CreateDirectory(folder);
        var name = $"{result.Date:yyyy-MM-dd}-{result.Source.Commit}{(result.Source.IsDirty ? "-dirty" : "")}";
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync($"{path}.md", report, cancellationToken);

        // Where the measured projects lie and what the host's further settings are is the machine's, not the result's.
        var published = result with { Options = result.Options with { ProjectsDirectory = null, Output = null, HostEnvironment = [.. result.Options.HostEnvironment.Select(setting => setting.Split('=')[0])] } };
        await File.WriteAllTextAsync($"{path}.json", JsonSerializer.Serialize(published, Json) + "\n", cancellationToken);
        return Path.GetRelativePath(Repository.Root, $"{path}.md");
    }
}
