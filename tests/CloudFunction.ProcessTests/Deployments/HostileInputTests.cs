using System.Globalization;
using System.Net;
using System.Text;
using CloudFunction.ProcessTests.Harness;
using CloudFunction.Runtime.Tests.Projects.Uploads;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>Input with very many repetitions, blanks, parts and names, to a host on which another project's calls go on.</summary>
public sealed class HostileInputTests
{
    // What is refused takes milliseconds; only a reader that hangs takes so long, on whatever machine.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private const string Source = """
        class Hello : IFunction<string, string>
        {
            public ValueTask<string> InvokeAsync(string name, FunctionContext context, CancellationToken cancellationToken) => new(name);
        }
        """;

    private static string Many(string piece, int count) => string.Concat(Enumerable.Repeat(piece, count));

    private static string Blanks => new(' ', 60_000);

    private static string Repetitions => "A" + Many(">1 ", 40) + "x";

    [SkippableFact]
    public async Task Requests_OfRepetitions_AreRefusedAndOthersGoOn()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("hello", "hello").WithShop("shop", 1);
        Write(root, "bare", "hello.cs", Source);
        Write(root, "bare", "requirements.txt", Repetitions);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForStatusAsync("hello", "running");
        await host.WaitForStatusAsync("bare", "failed");
        await host.WaitForVersionAsync("shop", 1);
        await using var load = new BackgroundLoad(host, "hello", 2);

        foreach (var requirements in (string[])[Repetitions, $"A{Blanks}x", $"A>{Blanks}", Many("-\n", 30_000), Many("\n", 60_000)])
        {
            (await FormAsync(host, ("function_name", "hello"), ("code", Source), ("requirements", requirements)))
                .AssertError(HttpStatusCode.UnprocessableEntity, "DEPENDENCY_ERROR");
        }

        foreach (var line in (string[])[$"#:package A{Blanks}!", $"#:package A@1{Blanks}!", $"#:property {Blanks}!", Many("#:package A@1\n", 20_000)])
        {
            (await FormAsync(host, ("function_name", "hello"), ("code", $"{line}\n{Source}")))
                .AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS");
        }

        (await FormAsync(host, [.. Enumerable.Range(0, 5000).Select(i => ($"field{i}", ""))]))
            .AssertError(HttpStatusCode.BadRequest, "INVALID_PARAMETERS");
        (await FormAsync(host, (new string('n', 16_000), ""))).AssertError(HttpStatusCode.BadRequest, "INVALID_PARAMETERS");
        (await WithinAsync(host.DeployAsync("bare"))).AssertError(HttpStatusCode.UnprocessableEntity, "DEPENDENCY_ERROR");
        var schedule = $$"""{"name":"a","project":"hello","function":"greet","cron":"{{Many("*/1,", 10_000)}}* * * * *"}""";
        (await WithinAsync(host.SendAsync(HttpMethod.Post, "/api/v1/schedules", schedule)))
            .AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS");
        (string Header, string Piece)[] headers =
        [
            ("Accept", "a/b;q=0.1,"), ("Prefer", "a=\"b\","), ("Connection", "x-a,"), ("X-Forwarded-For", "10.0.0.1,"), ("X-Forwarded-Host", "[a],"),
            ("Accept", "application/x-ndjson,"),
        ];
        foreach (var (header, piece) in headers)
        {
            var value = Many(piece, 20_000 / piece.Length) + piece.TrimEnd(',');
            var answer = await WithinAsync(host.InvokeAsync("hello", "greet", """{"name":"Ada"}""", header: (header, value)));
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }

        await load.AfterCallsAsync(10);
        await load.AssertNoFailureAsync();
        Assert.Equal(1, await host.VersionAsync("shop"));
    }

    /// <summary>Any number of these can be sent by anybody: none may fill the log of errors.</summary>
    [Fact]
    public async Task Requests_ThatAreNoHttp_AreRefusedAndLeaveNoError()
    {
        using var root = new ContentRoot().With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForStatusAsync("hello", "running");
        string[] targets =
        [
            "POST /api/v1/functions/hello/greet/invoke", "POST /api/v1/functions/hello/greet/invoke?mode=async", "POST /fn/hello/greet",
            "POST /api/v1/projects/new/deploy",
            "PUT /api/v1/projects/hello/env", "POST /api/v1/schedules", "GET /health", "POST /nowhere",
        ];
        string[] bodies =
        [
            "zz\r\n\r\n",
            "-1\r\n\r\n",
            "5;x\r\nabcdeXX",
            "0\r\n: bad trailer\r\n\r\n",
            $"0\r\nX: {new string('x', 40_000)}\r\n\r\n",
            "fffffffffffffffff\r\n",
        ];
        foreach (var target in targets)
        {
            foreach (var body in bodies)
            {
                using var client = await RawClient.ConnectAsync(host);
                await client.TrySendAsync(
                    RawClient.Head(target, "Transfer-Encoding: chunked", "Content-Type: application/json", "Connection: close") + body);
                var (text, _) = await client.ReadToEndAsync();
                Assert.False(
                    text.Contains("INTERNAL_ERROR", StringComparison.Ordinal), $"{target} {body[..Math.Min(body.Length, 20)]}: {text} {host.Output}");
            }

            // The client leaves in the middle.
            using var leaving = await RawClient.ConnectAsync(host);
            await leaving.TrySendAsync(RawClient.Head(target, "Content-Length: 100000", "Content-Type: application/json") + "{");
            leaving.Reset();
        }

        Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("hello", "greet", """{"name":"Ada"}""")).Status);
        await host.StopAsync();
        var lines = host.Output.Text.Split('\n');
        var first = Array.FindIndex(
            lines, line => line.Contains("[ERROR]", StringComparison.Ordinal) || line.StartsWith("   at ", StringComparison.Ordinal));
        Assert.True(first < 0, string.Join('\n', lines.Skip(first).Take(20)));
    }

    /// <summary>Four archives of long names took the host 750 MB.</summary>
    [SkippableFact]
    public async Task Uploads_OfLongNames_AreRefusedAndNeedNoMemory()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("hello", "hello").WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForStatusAsync("hello", "running");
        await host.WaitForVersionAsync("shop", 1);
        var name = Enumerable.Repeat((byte)'x', 60_000).ToArray();
        var archive = new TestArchive([.. Enumerable.Range(0, 800).Select(_ => new TestEntry(name, []) { LocalName = [] })]).Build();
        await using var load = new BackgroundLoad(host, "hello", 2);
        await load.AfterCallsAsync(10);
        var before = Kilobytes(host, "VmRSS");

        // All to different projects, so that none waits for another.
        var answers = await WithinAsync(Task.WhenAll(Enumerable.Range(0, 4).Select(i => host.UploadAsync(i == 0 ? "shop" : $"new{i}", archive))));

        Assert.All(
            answers,
            answer => Assert.Contains(
                "a directory of", answer.AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS"), StringComparison.Ordinal));
        Assert.InRange(Kilobytes(host, "VmHWM") - before, 0, 200_000);
        await load.AssertNoFailureAsync();
        Assert.Equal(1, await host.VersionAsync("shop"));
    }

    [SkippableFact]
    public async Task Deploy_CallerLeaves_EndsItsBuildAndAnotherProjectIsBuilt()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root, ("WATCH_PROJECTS", "false"));
        await host.WaitForStatusAsync("hello", "running");
        var started = Path.Combine(root.Root, "started");
        Write(root, "stuck", "Stuck.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk" InitialTargets="Wait">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <Target Name="Wait"><Exec Command="echo $$ &gt; '{started}'; while true; do sleep 1; done" /></Target>
            </Project>
            """);
        Write(root, "quick", "hello.cs", Source);
        await using var load = new BackgroundLoad(host, "hello", 1);

        using var leaving = new CancellationTokenSource();
        var deploy = host.Client.PostAsync(new Uri("/api/v1/projects/stuck/deploy", UriKind.Relative), null, leaving.Token);
        await Eventually.BecomesAsync(
            () => File.Exists(started) && new FileInfo(started).Length > 0,
            TimeSpan.FromSeconds(120),
            () => $"The build did not start. {host.Output}");
        var shell = int.Parse(await File.ReadAllTextAsync(started), CultureInfo.InvariantCulture);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deploy);

        await Eventually.BecomesAsync(() => !IsRunning(shell), Hang, () => $"The build of a caller that left still runs. {host.Output}");
        using var client = host.NewClient();
        client.Timeout = TimeSpan.FromMinutes(3);
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync(new Uri("/api/v1/projects/quick/deploy", UriKind.Relative), null)).StatusCode);
        Assert.Equal("\"Ada\"", (await host.InvokeAsync("quick", "hello", "\"Ada\"")).Result.GetRawText());
        await load.AssertNoFailureAsync();
    }

    private static bool IsRunning(int pid)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/cmdline").Length > 0; // One that has ended and that nobody has asked about has none.
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int Kilobytes(HostProcess host, string what) =>
        int.Parse(
            File.ReadLines($"/proc/{host.Pid}/status").First(line => line.StartsWith(what, StringComparison.Ordinal)).AsSpan()[(what.Length + 1)..^2],
            NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);

    private static void Write(ContentRoot root, string project, string name, string content) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(root.Folder(project)).FullName, name), content);

    private static async Task<T> WithinAsync<T>(Task<T> answer)
    {
        Assert.True(await Task.WhenAny(answer, Task.Delay(Hang)) == answer, $"There is no answer after {Hang.TotalSeconds} seconds.");
        return await answer;
    }

    private static async Task<Answer> FormAsync(HostProcess host, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(value)), name);
        }

        return await Answer.OfAsync(await WithinAsync(host.Client.PostAsync(new Uri("/api/v1/functions/bare/deploy", UriKind.Relative), form)));
    }
}
