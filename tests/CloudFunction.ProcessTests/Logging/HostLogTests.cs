using System.Net;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Logging;

/// <summary>The log files of a whole host.</summary>
public sealed class HostLogTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Run_NoLoggingFile_WritesTheGuidesFiles()
    {
        using var root = new ContentRoot().WithLogging(null).With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root);

        Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("hello", "greet")).Status);
        await ComesAsync(() => root.Log("projects", "hello", "json.log"), "succeeded in");

        var invocation = root.Log("projects", "hello", "json.log").Split('\n').Select(Parse).First(
            record => record.Text.Contains("succeeded in", StringComparison.Ordinal)).Json;
        Assert.Equal(
            ("INFO", "cloudfunction.projects.hello", "hello", "greet", "Succeeded"),
            (Text(invocation, "level"), Text(invocation, "logger"), Text(invocation, "project"), Text(invocation, "function"),
                invocation.GetProperty("extra").GetProperty("Outcome").GetString()));
        Assert.Contains("Function greet succeeded in", root.Log("projects", "hello", "app.log"), StringComparison.Ordinal);
        Assert.Contains("is ready with hello version 1", root.Log("server.log"), StringComparison.Ordinal);
        Assert.Equal(1, host.Output.Count("is ready with hello version 1"));
        Assert.Null(host.Output.Find("Function greet succeeded in"));
    }

    [SkippableFact]
    public async Task Run_WorkerKilled_SaysSoInServerAndErrorLog()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithLogging(null).With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var worker = await host.WorkerOfAsync("faulty");

        UnixProcess.Signal(worker, UnixProcess.SigKill);

        var words = $"({worker}) of faulty version 1 was lost with exit code 137: It was ended by signal 9.";
        await ComesAsync(() => root.Log("server.log"), words);
        await ComesAsync(() => root.Log("error.log"), words);
    }

    [Fact]
    public async Task Start_InvocationLogOff_RecordsNoInvocation()
    {
        using var root = new ContentRoot().With("hello", "hello");
        await using (var host = await HostProcess.StartAsync(root, ("INVOCATION_LOG", "false")))
        {
            await host.InvokeAsync("hello", "greet");
            await host.InvokeAsync("hello", "greet");
            Assert.Null(host.Output.Find("Function greet"));
        }
    }

    [Fact]
    public async Task Start_WrongLoggingFile_EndsWithALineForEachError()
    {
        using var root = new ContentRoot().WithLogging("version: 2\nroot: {level: LOUD}\n");
        await using var host = HostProcess.Launch(root);

        Assert.Equal(1, await host.WaitForExitAsync());
        var lines = host.Output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith(root.LoggingFile, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_LoggingFileChanges_GoesByItAndKeepsItOnceItIsBroken()
    {
        using var root = new ContentRoot().With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root);
        var good = await File.ReadAllTextAsync(root.LoggingFile);

        root.WithLogging(good.Replace("'%(asctime)s", "'CHANGED %(asctime)s", StringComparison.Ordinal));
        await ComesAsync(() => host.Output.Text, "has changed and is in force");
        root.WithLogging("version: [");
        await ComesAsync(() => host.Output.Text, "has changed and is wrong");

        Assert.StartsWith("CHANGED ", host.Output.Find("has changed and is wrong"), StringComparison.Ordinal);
    }

    private static async Task ComesAsync(Func<string> text, string words) => await Eventually.BecomesAsync(
        () => text().Contains(words, StringComparison.Ordinal), Bound, () => $"'{words}' did not come:\n{text()}");

    private static (string Text, JsonElement Json) Parse(string line) =>
        line.Length == 0 ? ("", default) : (line, JsonDocument.Parse(line).RootElement);

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();
}
