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

    /// <summary>Writes <c>date-commit.md</c> and <c>.json</c>, the suffix, a measurement's name, before the dot; a second run on one day
    /// and commit replaces the first.</summary>
    /// <returns>The report's path from the repository's root.</returns>
    public static async Task<string> WriteAsync<T>(
        string output, string suffix, ReportHead head, T result, string report, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(output, Repository.Root);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{head.Date:yyyy-MM-dd}-{head.Source.Commit}{(head.Source.IsDirty ? "-dirty" : "")}{suffix}");
        await File.WriteAllTextAsync($"{path}.md", report, cancellationToken);
        await File.WriteAllTextAsync($"{path}.json", JsonSerializer.Serialize(result, Json) + "\n", cancellationToken);
        return Path.GetRelativePath(Repository.Root, $"{path}.md");
    }
}
