using CloudFunction.ProcessTests.Harness;
using Microsoft.Data.Sqlite;

namespace CloudFunction.ProcessTests.Upgrades;

/// <summary>What a newer host has written is refused in one line, and left as it is.</summary>
public sealed class NewerDataTests
{
    [SkippableTheory]
    [InlineData("data", "DATA_DIR")]
    [InlineData("deployments", "DEPLOYMENTS_DIR")]
    public async Task Start_TheFormatOfAFolderIsNewer_RefusesAndChangesNothing(string folder, string setting)
    {
        using var root = await StoppedAsync();
        var file = Path.Combine(root.Root, folder, "format");
        var known = int.Parse(await File.ReadAllTextAsync(file), System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(file, $"{known + 1}\n");

        var line = await AssertRefusedAsync(root);

        Assert.Contains($"{setting}:", line);
        Assert.Contains($"newer host (format {known + 1}; this one reads up to {known})", line);
    }

    [SkippableFact]
    public async Task Start_TheFormatIsNoNumber_RefusesAndChangesNothing()
    {
        using var root = await StoppedAsync();
        await File.WriteAllTextAsync(Path.Combine(root.DataDirectory, "format"), "two\n");

        Assert.Contains("does not hold the number of a format", await AssertRefusedAsync(root));
    }

    [SkippableFact]
    public async Task Start_TheTaskStoreIsNewer_RefusesAndChangesNothing()
    {
        using var root = await StoppedAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(root.DataDirectory, "tasks", "tasks.db")};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO schema_version VALUES (1000, 0)";
            await command.ExecuteNonQueryAsync();
        }

        Assert.Contains("was written by a newer host (version 1000 of its tables", await AssertRefusedAsync(root));
    }

    private static async Task<ContentRoot> StoppedAsync()
    {
        UnixProcess.RequireLinux();
        var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        await host.StopAsync();
        return root;
    }

    private static async Task<string> AssertRefusedAsync(ContentRoot root)
    {
        var before = Contents(root);
        await using var host = HostProcess.Launch(root);
        Assert.NotEqual(0, await host.WaitForExitAsync());
        Assert.Equal(before, Contents(root));
        var text = host.Output.Text;
        Assert.DoesNotContain("   at ", text);
        return text.TrimEnd().Split('\n')[^1];
    }

    // Logs are about the refusal; the run folder is the running host's own; the log of the store's file is emptied by whoever opens it.
    private static SortedDictionary<string, string> Contents(ContentRoot root)
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(root.Root, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(root.Root, file);
            if (!name.StartsWith("logs", StringComparison.Ordinal) && !name.StartsWith(Path.Combine("data", "run"), StringComparison.Ordinal)
                && !name.EndsWith("-shm", StringComparison.Ordinal) && !name.EndsWith("-wal", StringComparison.Ordinal) && name != "counters")
            {
                contents[name] = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
            }
        }

        return contents;
    }
}
