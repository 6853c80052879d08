using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CloudFunction.DocsTests;

namespace CloudFunction.PackageTests;

/// <summary>Goes through the quickstart as its reader does: in a copy of the repository, file by file and command by command, and looks at
/// what comes back.</summary>
public sealed partial class QuickstartTests : IDisposable
{
    private const string Page = "docs/quickstart.md";
    private const string Clone = "git clone";
    private const string Start = "dotnet run --project samples/SampleHost";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cf-quickstart-");
    private readonly int _port = Ports.Free();
    private string _taskId = "";

    private string Copy => Path.Combine(_folder.FullName, "cloudfunction");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task Commands_InTheirOrder_BringWhatThePageShows()
    {
        Skip.If(OperatingSystem.IsWindows(), "The page's commands are for a Unix shell.");
        await CopyRepositoryAsync();
        var blocks = MarkdownPage.Read(Page).Blocks;
        Assert.StartsWith(Clone, blocks[0].Text, StringComparison.Ordinal);
        Assert.EndsWith(Start, blocks[0].Text, StringComparison.Ordinal);
        var environment = new Dictionary<string, string> { ["HOST"] = "127.0.0.1", ["PORT"] = $"{_port}" };
        var (host, _) = await RunningHost.StartAsync(environment, "dotnet", Copy, Start.Split(' ')[1..]);
        await using (host)
        {
            var commands = 0;
            for (var i = 1; i < blocks.Count; i++)
            {
                var expected = i + 1 < blocks.Count && blocks[i + 1].Language is "json" or "text" ? blocks[i + 1].Text : null;
                switch (blocks[i].Language)
                {
                    case "csharp":
                        Files.Write(Copy, blocks[i].Text.Contains(
                            "CountFunction", StringComparison.Ordinal) ? "projects/words/Count.cs" : "../Orders/OrderFunctions.cs", blocks[i].Text);
                        break;
                    case "bash":
                        Edit(blocks[i].Text);
                        await RunAsync(blocks[i], expected, host);
                        commands++;
                        break;
                }
            }

            Assert.InRange(commands, 15, 100);
        }
    }

    // Step 4 says it in words.
    private void Edit(string command)
    {
        var file = Path.Combine(Copy, "projects", "words", "Count.cs");
        if (command.EndsWith("/projects/words/deploy", StringComparison.Ordinal))
        {
            File.WriteAllText(
                file, File.ReadAllText(file).Replace("new Counted(words.Length,", "new Counted(words.Distinct().Count(),", StringComparison.Ordinal));
        }
    }

    private async Task RunAsync(CodeBlock block, string? expected, RunningHost host)
    {
        var mayFail = expected?.Contains("\"status\":\"error\"", StringComparison.Ordinal) == true;
        var waits = block.Text.StartsWith("grep ", StringComparison.Ordinal)
            || block.Text.StartsWith("cat ", StringComparison.Ordinal)
            || block.Text.Contains("/tasks/", StringComparison.Ordinal);
        var said = "";
        string? wrong = null;
        await Eventually.BecomesAsync(
            async () =>
            {
                (var code, said) = await ShellAsync(block.Text, mayFail);
                wrong = code == 0 ? Compare(expected, said) : $"it ended with {code}";
                return wrong is null || !waits;
            },
            Patience,
            () => Task.FromResult($"{Page}:{block.Line}: {wrong}. It said: {said}\n{host}"));
        Assert.True(wrong is null, $"{Page}:{block.Line}: {wrong}. It said: {said}\n{host}");
        if (TaskId().Match(said) is { Success: true } task)
        {
            _taskId = task.Groups[1].Value;
        }
    }

    private static string? Compare(string? expected, string said) => expected switch
    {
        null => null,
        ['{', ..] when Parse(expected) is { } json => Parse(said.TrimEnd().Split('\n')[^1]) is not { } answer
            ? "it is not JSON"
            : Compare(json, answer),
        ['{', ..] => said.Contains(expected[..30], StringComparison.Ordinal) ? null : $"it does not begin with {expected[..30]}",
        ['d', 'a', 't', 'a', ':', ..] => said.Trim() == expected.Trim() ? null : "these are not the events shown",
        _ => said.Split('\n').Length >= expected.Split('\n').Length ? null : "it has fewer lines than shown",
    };

    private static string? Compare(JsonNode expected, JsonNode said)
    {
        foreach (var name in (string[])["status", "code", "result", "version", "functions"])
        {
            var (wanted, found) = (Without(expected[name], "id"), Without(said[name], "id"));
            if (!JsonNode.DeepEquals(wanted, found))
            {
                return $"its {name} is {found?.ToJsonString()}, and the page shows {wanted?.ToJsonString()}";
            }
        }

        return null;
    }

    private static JsonNode? Without(JsonNode? node, string name)
    {
        var copy = node?.DeepClone();
        (copy as JsonObject)?.Remove(name);
        return copy;
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (System.Text.Json.JsonException)
        {
            return null; // Shortened.
        }
    }

    private async Task<(int ExitCode, string Said)> ShellAsync(string command, bool mayFail)
    {
        var curl = $"curl() {{ command curl --silent --show-error --max-time 60 {(mayFail ? "" : "--fail-with-body")} \"$@\"; }}";
        var text = command.Replace("localhost:8080", $"127.0.0.1:{_port}", StringComparison.Ordinal);
        if (_taskId.Length > 0)
        {
            text = ShownTaskId().Replace(text, $"/tasks/{_taskId}");
        }

        using var process = Dotnet.StartFile("bash", Copy, new Dictionary<string, string>(), "-e", "-c", $"{curl}\n{text}");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await errors);
    }

    // What git would clone, with what has changed since: tests are run before it is committed too.
    private async Task CopyRepositoryAsync()
    {
        using var git = Dotnet.StartFile(
            "git", Built.RepositoryRoot, new Dictionary<string, string>(), "ls-files", "--cached", "--others", "--exclude-standard");
        var files = (await git.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await git.WaitForExitAsync();
        Assert.NotEmpty(files);
        foreach (var file in files.Where(file => File.Exists(Path.Combine(Built.RepositoryRoot, file))))
        {
            var target = Path.Combine(Copy, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Path.Combine(Built.RepositoryRoot, file), target);
        }
    }

    [GeneratedRegex("\"task_id\":\"([0-9a-f]{32})\"")]
    private static partial Regex TaskId();

    [GeneratedRegex("/tasks/[0-9a-f]{32}")]
    private static partial Regex ShownTaskId();
}
