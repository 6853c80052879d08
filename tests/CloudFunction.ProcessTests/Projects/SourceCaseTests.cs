using System.Globalization;
using System.Text.Json.Nodes;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Projects;

/// <summary>Small projects of source code that were deployed or called wrongly once. Each folder of <c>Cases</c> is one, with what is done with it in
/// <c>steps.txt</c>: <c>write PATH TEXT</c>, <c>remove PATH</c>, <c>replace PATH TEXT ~> TEXT</c>, <c>deploy STATUS [MESSAGE]</c>, and
/// <c>call FUNCTION [PAYLOAD] STATUS [RESULT or FIELD]</c>.</summary>
public sealed class SourceCaseTests(SourceCaseTests.OneHost fixture) : IClassFixture<SourceCaseTests.OneHost>
{
    private const string StepsFile = "steps.txt";

    // Of those that have none of their own: functions that give the names of the files beside them, and a word.
    private const string CodeFile = "F.cs";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Projects", "Cases");

    private string _project = "";

    public static TheoryData<string> Names =>
        [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Steps_EachInItsTurn_HaveTheOutcomeTheyName(string name)
    {
        UnixProcess.RequireLinux();
        _project = Path.Combine(fixture.Root.ProjectsDirectory, name);
        Directory.CreateDirectory(_project);
        File.Copy(Path.Combine(Folder, CodeFile), Path.Combine(_project, CodeFile));
        foreach (var file in Directory.GetFiles(Path.Combine(Folder, name)).Where(file => Path.GetFileName(file) != StepsFile))
        {
            File.Copy(file, Path.Combine(_project, Path.GetFileName(file)), overwrite: true);
        }

        foreach (var line in (await File.ReadAllLinesAsync(Path.Combine(Folder, name, StepsFile))).Where(line => line is not ['#', ..]))
        {
            var words = line.Split(' ', 3);
            var path = Path.Combine(_project, words[1]);
            switch (words[0])
            {
                case "write":
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    await File.WriteAllTextAsync(path, words[2]);
                    break;
                case "remove" when Directory.Exists(path):
                    Directory.Delete(path, recursive: true);
                    break;
                case "remove":
                    File.Delete(path);
                    break;
                case "replace":
                    var texts = words[2].Split(" ~> ");
                    var text = await File.ReadAllTextAsync(path);
                    Assert.Contains(texts[0], text, StringComparison.Ordinal);
                    await File.WriteAllTextAsync(path, text.Replace(texts[0], texts[1], StringComparison.Ordinal));
                    break;
                case "deploy":
                    var answer = await fixture.Host.DeployAsync(name);
                    Assert.True(StatusOf(answer) == words[1], $"{line}: {answer}");
                    Assert.Contains(words.ElementAtOrDefault(2) ?? "", Texts(answer), StringComparison.Ordinal);
                    break;
                case "call":
                    await CallAsync(name, line);
                    break;
                default:
                    Assert.Fail($"Unknown: {line}");
                    break;
            }
        }
    }

    private async Task CallAsync(string name, string line)
    {
        var words = line.Split(' ').ToList();
        if (int.TryParse(words[2], out _))
        {
            words.Insert(2, "{}");
        }

        var answer = await fixture.Host.InvokeAsync(name, words[1], words[2]);
        var expected = string.Join(' ', words.Skip(4));
        Assert.True(StatusOf(answer) == words[3], $"{line}: {answer}");
        if (words[3] == "200")
        {
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(answer.Result.GetRawText())), $"{line}: {answer}");
        }
        else
        {
            var field = answer.Json.GetProperty("details").GetProperty("field").GetString();
            Assert.Equal(("INVALID_PARAMETERS", expected), (Text(answer, "code"), field));
        }
    }

    private static string StatusOf(Answer answer) => ((int)answer.Status).ToString(CultureInfo.InvariantCulture);

    private static string Texts(Answer answer) => answer.Json.TryGetProperty("message", out var message) ? message.GetString()! : "";

    private static string? Text(Answer answer, string name) => answer.Json.GetProperty(name).GetString();

    /// <summary>The host that serves all of them.</summary>
    public sealed class OneHost : IAsyncLifetime
    {
        internal ContentRoot Root { get; } = new();

        internal HostProcess Host { get; private set; } = null!;

        public async Task InitializeAsync() => Host = await HostProcess.StartAsync(Root, ("WATCH_PROJECTS", "false"));

        public async Task DisposeAsync()
        {
            await Host.DisposeAsync();
            Root.Dispose();
        }
    }
}
