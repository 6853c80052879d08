using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace CloudFunction.PackageTests;

/// <summary>A host that was built or published from the packages.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private const string Listens = "Now listening on: ";

    // Where a command builds the host first, from nothing and beside other tests, it takes minutes. One that ends is noticed at once.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(25);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private RunningHost(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What a host listens on a port of its own choosing with.</summary>
    public static IReadOnlyDictionary<string, string> OnAnyPort { get; } = new Dictionary<string, string>
    {
        ["HOST"] = "127.0.0.1",
        ["PORT"] = "0",
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
    };

    /// <summary>Starts a host on a port of its own choosing.</summary>
    public static Task<(RunningHost Host, Uri Address)> StartAsync(string file, string directory, params string[] arguments) =>
        StartAsync(OnAnyPort, file, directory, arguments);

    /// <summary>Starts a host with that environment added to this process's.</summary>
    public static async Task<(RunningHost Host, Uri Address)> StartAsync(
        IReadOnlyDictionary<string, string> environment, string file, string directory, params string[] arguments)
    {
        var host = new RunningHost(Dotnet.StartFile(file, directory, environment, arguments));
        try
        {
            string? line = null;
            await Eventually.BecomesAsync(
                () => host._process.HasExited || (line = host._lines.FirstOrDefault(
                    each => each.Contains(Listens, StringComparison.Ordinal))) is not null, StartTimeout, host.ToString);
            Assert.True(line is not null, $"The host has ended. {host}");
            return (host, new Uri(line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]));
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls a function, once its project is there.</summary>
    /// <returns>Its result.</returns>
    public async Task<JsonElement> InvokeAsync(Uri address, string function, object payload)
    {
        using var client = NewClient();
        var uri = new Uri(address, $"/api/v1/functions/{function}/invoke");
        JsonElement answer = default;
        await Eventually.BecomesAsync(
            async () =>
            {
                using var response = await client.PostAsJsonAsync(uri, payload);
                answer = await response.Content.ReadFromJsonAsync<JsonElement>();
                return response.IsSuccessStatusCode;
            },
            StartTimeout,
            () => Task.FromResult($"{answer} {this}"));
        return answer.GetProperty("result");
    }

    /// <summary>The processes of its workers, by their projects; of those on standby null's.</summary>
    public static async Task<ILookup<string?, int>> WorkersAsync(Uri address)
    {
        using var client = NewClient();
        var status = await client.GetFromJsonAsync<JsonElement>(new Uri(address, "/status"));
        return status.GetProperty("workers")
            .EnumerateArray()
            .ToLookup(worker => worker.GetProperty("project").GetString(), worker => worker.GetProperty("pid").GetInt32());
    }

    /// <summary>What is said of a project, once that is what is expected.</summary>
    public async Task<JsonElement> DescribeAsync(Uri address, string project, Func<JsonElement, bool> isExpected)
    {
        using var client = NewClient();
        JsonElement answer = default;
        await Eventually.BecomesAsync(
            async () =>
            {
                answer = await client.GetFromJsonAsync<JsonElement>(new Uri(address, $"/api/v1/projects/{project}"));
                return isExpected(answer.GetProperty("data"));
            },
            StartTimeout,
            () => Task.FromResult($"{answer} {this}"));
        return answer.GetProperty("data");
    }

    public int Pid => _process.Id;

    /// <summary>A client that takes any certificate: those of tests are their own.</summary>
    public static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    public override string ToString() => string.Join('\n', _lines);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
