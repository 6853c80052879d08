using System.IO.Compression;
using System.Text.Json.Nodes;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Upgrades;

/// <summary>What a host of an earlier commit has left: its folders in an archive, and beside it what it showed of them. See
/// the README there.</summary>
/// <param name="Path">The archive.</param>
internal sealed record UpgradeFixture(string Path)
{
    // Of the running host alone, and full of what is true on its machine.
    private static readonly string[] LeftOut = ["data/run/", "logs/", "counters", "config/logging_config.yaml"];

    /// <summary>Those that there are, the oldest commit's among them.</summary>
    public static IReadOnlyList<string> Commits =>
        [.. Directory.GetFiles(Built.UpgradeFixtures, "*.zip").Select(System.IO.Path.GetFileNameWithoutExtension).Order()!];

    public static UpgradeFixture Of(string commit) => new(System.IO.Path.Combine(Built.UpgradeFixtures, commit + ".zip"));

    /// <summary>What the host showed.</summary>
    public JsonObject Expected => JsonNode.Parse(File.ReadAllText(ExpectedPath))!.AsObject();

    private string ExpectedPath => System.IO.Path.ChangeExtension(Path, ".json");

    /// <summary>Puts the folders into a host's.</summary>
    public void Unpack(ContentRoot root) => ZipFile.ExtractToDirectory(Path, root.Root);

    /// <summary>Packs a host's folders.</summary>
    public void Pack(ContentRoot root, JsonObject state)
    {
        File.Delete(Path);
        using (var archive = ZipFile.Open(Path, ZipArchiveMode.Create))
        {
            foreach (var file in Directory.GetFiles(root.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var name = System.IO.Path.GetRelativePath(root.Root, file).Replace('\\', '/');
                if (!LeftOut.Any(part => name.StartsWith(part, StringComparison.Ordinal)) && !name.EndsWith("-shm", StringComparison.Ordinal))
                {
                    archive.CreateEntryFromFile(file, name, CompressionLevel.SmallestSize);
                }
            }
        }

        File.WriteAllText(ExpectedPath, state.ToJsonString(new() { WriteIndented = true, NewLine = "\n" }) + "\n");
    }
}
