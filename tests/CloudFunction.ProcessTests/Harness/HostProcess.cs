using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>A real host in a process of its own. Whatever becomes of the test, it and its workers end with it.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Listens = "TestHost listens on ";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ContentRoot _root;

    private HostProcess(Process process, ContentRoot root)
    {
        _process = process;
        _root = root;
        Output = new ProcessOutput(process);
    }

    public ProcessOutput Output { get; }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>A client with as many connections as it has calls; for a request's own needs there is <see cref="NewClient"/>.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Where the host listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts a host and waits until it listens. Its projects may still be starting: calls wait for them.</summary>
    /// <param name="root">Its folder.</param>
    /// <param name="settings">Environment variables.</param>
    public static Task<HostProcess> StartAsync(ContentRoot root, params (string Name, string Value)[] settings) =>
        ListeningAsync(Launch(root, settings));

    /// <inheritdoc cref="StartAsync(ContentRoot, ValueTuple{string, string}[])"/>
    /// <param name="hostPath">The host's assembly.</param>
    /// <param name="root">Its folder.</param>
    /// <param name="settings">Environment variables.</param>
    public static Task<HostProcess> StartAsync(string hostPath, ContentRoot root, params (string Name, string Value)[] settings) =>
        ListeningAsync(Launch(hostPath, root, OwnGroup, settings));

    /// <summary>Starts a host that may open so many file descriptors, and waits until it listens.</summary>
    public static Task<HostProcess> StartWithDescriptorsAsync(ContentRoot root, int descriptors, params (string Name, string Value)[] settings) =>
        ListeningAsync(LaunchWithDescriptors(root, descriptors, settings));

    /// <summary>Starts a host that need not come to listen.</summary>
    public static HostProcess Launch(ContentRoot root, params (string Name, string Value)[] settings) =>
        Launch(Built.TestHost, root, OwnGroup, settings);

    /// <summary>Starts a host that may open so many file descriptors and need not come to listen.</summary>
    public static HostProcess LaunchWithDescriptors(ContentRoot root, int descriptors, params (string Name, string Value)[] settings) =>
        Launch(Built.TestHost, root, ["sh", "-c", $"ulimit -n {descriptors} && exec \"$@\"", "sh", .. OwnGroup], settings);

    // In a process group of its own where there are any, as a shell would start it: Ctrl+C goes to the whole group.
    private static string[] OwnGroup => OperatingSystem.IsWindows() ? ["dotnet"] : ["setsid", "dotnet"];

    private static async Task<HostProcess> ListeningAsync(HostProcess host)
    {
        try
        {
            await Eventually.BecomesAsync(() => host.HasExited || host.Output.Find(Listens) is not null, StartTimeout, host.Output.ToString);
            var line = host.Output.Find(Listens);
            Assert.True(line is not null, $"The host has ended with exit code {(host.HasExited ? host._process.ExitCode : null)}. {host.Output}");
            host.Address = new Uri(line[Listens.Length..]);
            host.Client = host.NewClient();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private static HostProcess Launch(string hostPath, ContentRoot root, string[] command, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = root.Root,
        };
        foreach (var argument in (string[])[.. command[1..], hostPath, "--contentRoot", root.Root])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HOST"] = "127.0.0.1";
        start.Environment["PORT"] = "0";
        start.Environment["COUNTERS_FILE"] = Path.Combine(root.Root, "counters");
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new HostProcess(Process.Start(start)!, root);
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Calls a function.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="function">Which.</param>
    /// <param name="payload">JSON.</param>
    /// <param name="query">With its question mark, if any.</param>
    /// <param name="header">A header of the request.</param>
    /// <param name="cancellationToken">Breaks the call off.</param>
    public async Task<Answer> InvokeAsync(
        string project, string function, string payload = "{}", string query = "", (string Name, string Value)? header = null,
        CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/functions/{project}/{function}/invoke{query}")
        {
            Content = new StringContent(payload, Encoding.UTF8, "application/json"),
        };
        if (header is var (name, value))
        {
            request.Headers.Add(name, value);
        }

        return await Answer.OfAsync(await Client.SendAsync(request, cancellationToken));
    }

    /// <summary>Calls <c>start</c>, <c>stop</c> or <c>restart</c>.</summary>
    public async Task<Answer> ActAsync(string project, string action) =>
        await Answer.OfAsync(await Client.PostAsync(new Uri($"/api/v1/projects/{project}/{action}", UriKind.Relative), null));

    /// <summary>The API's <c>data</c> of a project.</summary>
    public async Task<JsonElement> ProjectAsync(string project) =>
        (await Answer.OfAsync(await Client.GetAsync(new Uri($"/api/v1/projects/{project}", UriKind.Relative)))).Json.GetProperty("data");

    /// <summary>Waits until a project has that status.</summary>
    /// <returns>Its <c>data</c>.</returns>
    public async Task<JsonElement> WaitForStatusAsync(string project, string status, double seconds = 30)
    {
        JsonElement data = default;
        await Eventually.BecomesAsync(
            async () => (data = await ProjectAsync(project)).GetProperty("status").GetString() == status,
            TimeSpan.FromSeconds(seconds),
            () => Task.FromResult($"Project {project} did not become {status}: {data}\n{Output}"));
        return data;
    }

    /// <summary>The processes of all workers of the host, standby ones included.</summary>
    public async Task<IReadOnlyList<int>> WorkersAsync()
    {
        var status = await Answer.OfAsync(await Client.GetAsync(new Uri("/status", UriKind.Relative)));
        return [.. status.Json.GetProperty("workers").EnumerateArray().Select(w => w.GetProperty("pid").GetInt32()).Where(pid => pid > 0)];
    }

    /// <summary>The process that runs a project's calls now.</summary>
    public async Task<int> WorkerOfAsync(string faultyProject) => (await InvokeAsync(faultyProject, "pid")).Result.GetInt32();

    /// <summary>Waits until the host has ended, and not only its process: all its output is there.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(ExitTimeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The host did not end. {Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Asks the host to stop, as a service manager would, and checks that it does so in good order.</summary>
    public async Task StopAsync()
    {
        UnixProcess.Signal(Pid, UnixProcess.SigTerm);
        await AssertEndsWellAsync();
    }

    /// <summary>Waits until the host has ended, with exit code 0.</summary>
    public async Task AssertEndsWellAsync()
    {
        var exitCode = await WaitForExitAsync();
        Assert.True(exitCode == 0, $"The host's exit code is {exitCode}. {Output}");
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        var workers = _root.RecordedWorkers;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        // They lead groups of their own; with the host gone they are about to end by themselves, if all is well.
        foreach (var worker in OperatingSystem.IsWindows() ? [] : workers)
        {
            UnixProcess.EndGroup(worker);
        }

        using var limit = new CancellationTokenSource(ExitTimeout);
        await _process.WaitForExitAsync(limit.Token);
        _process.Dispose();
    }
}
