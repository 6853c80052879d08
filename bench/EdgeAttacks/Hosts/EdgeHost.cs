using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SideBySide;
using SideBySide.Processes;

namespace EdgeAttacks.Hosts;

/// <summary>A host with its defaults and all its folders in a temporary one. Its two projects have the same functions: one is attacked.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    public const string Attacked = "attacked";
    public const string Other = "other";

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PrepareLimit = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("edge-");
    private readonly HttpClient _client;
    private ChildProcess? _process;
    private bool _isKilled;

    private EdgeHost(string name)
    {
        Name = name;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{Port}/"),
            Timeout = PrepareLimit,
        };
    }

    public string Name { get; }

    public int Port { get; } = FreePort.Take();

    public int ProcessId { get; private set; }

    /// <summary>What it has ended with by itself.</summary>
    public int? ExitCode => _isKilled ? null : _process!.ExitCode;

    public Uri Uri => _client.BaseAddress!;

    public static string InvokePath(string project, string function) => $"/api/v1/functions/{project}/{function}/invoke";

    /// <summary>Starts a host, and returns once both projects run.</summary>
    /// <param name="build">What is started.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="descriptors">How many it may have open; null leaves it what it is here.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<EdgeHost> StartAsync(HostBuild build, string name, int? descriptors, CancellationToken cancellationToken)
    {
        var host = new EdgeHost(name);
        try
        {
            foreach (var project in new[] { Attacked, Other })
            {
                DeployedFiles.CopyTo(Path.GetDirectoryName(Repository.EdgeFunctions)!, host.Folder("projects", project));
            }

            var start = ChildProcess.StartInfo(build.Assembly, [], host.Settings(), host._files.FullName);
            if (descriptors is { } limit)
            {
                string[] command = [start.FileName, .. start.ArgumentList];
                start.FileName = "/bin/sh";
                start.ArgumentList.Clear();
                foreach (var argument in (string[])["-c", $"ulimit -n {limit}; exec \"$0\" \"$@\"", .. command])
                {
                    start.ArgumentList.Add(argument);
                }
            }

            host._process = ChildProcess.Start(name, start);
            host.ProcessId = host._process.Id;
            await Poll.UntilAsync(
                "two running projects", host.FindProblemAsync, host._process.ThrowIfExited, [host._process], StartLimit, cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Posts JSON, and returns the answer.</summary>
    /// <exception cref="MeasurementException">It is no success.</exception>
    public async Task<JsonElement> PostAsync(string path, byte[] payload, string? idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var response = await _client.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new MeasurementException($"{Name}: POST {path} was answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        }

        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<JsonElement>(await _client.GetByteArrayAsync(path, cancellationToken));

    /// <summary>Ends it and its workers with no warning.</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        await _process!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_process is not null && !_isKilled)
        {
            await KillAsync();
        }

        try
        {
            _files.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A worker that is just ending still writes here; what is left is in the temporary folder.
        }
    }

    private async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        var projects = (await GetAsync("/api/v1/projects", cancellationToken)).GetProperty("data");
        return projects.EnumerateArray().Count(project => project.GetProperty("status").ValueEquals("running")) == 2 ? null : projects.GetRawText();
    }

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string> { ["HOST"] = "127.0.0.1", ["PORT"] = Port.ToString(CultureInfo.InvariantCulture) };
        foreach (var folder in new[] { "projects", "deployments", "data", "logs", "config" })
        {
            settings[folder == "logs" ? "LOG_DIR" : $"{folder.ToUpperInvariant()}_DIR"] = Folder(folder);
        }

        return settings;
    }

    private string Folder(params string[] names) => Path.Combine([_files.FullName, .. names]);
}
