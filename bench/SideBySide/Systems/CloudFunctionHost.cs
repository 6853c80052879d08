using System.Globalization;
using System.Text.Json;
using SideBySide.Memory;
using SideBySide.Options;
using SideBySide.Processes;
using SideBySide.RoundTrips;

namespace SideBySide.Systems;

/// <summary>The sample host, started as anyone would start it, with the project <c>hello</c> running.</summary>
internal sealed class CloudFunctionHost : MeasuredSystem
{
    private const string Project = "/api/v1/projects/hello";

    // The first start may build a source project.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StateTimeout = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("sbs-");
    private readonly List<ChildProcess> _processes = [];

    private CloudFunctionHost(int port, string name)
    {
        Port = port;
        Name = name;
    }

    public override string Name { get; }

    public override int Port { get; }

    public override string Path => "/api/v1/functions/hello/greet/invoke";

    protected override IReadOnlyList<ChildProcess> Processes => _processes;

    /// <summary>Starts it with <paramref name="standbyWorkers"/> as STANDBY_WORKERS, or with its own default where that is null.</summary>
    public static async Task<CloudFunctionHost> StartAsync(
        ComparisonOptions options, int? standbyWorkers, CancellationToken cancellationToken, string name = SystemNames.CloudFunction)
    {
        var host = new CloudFunctionHost(FreePort.Take(), name);
        try
        {
            host._processes.Add(
                ChildProcess.StartDotnet(host.Name, Repository.SampleHost, [], host.Settings(options, standbyWorkers), Repository.Root));
            await host.WaitForStatusAsync("running", StartTimeout, cancellationToken);
            await host.CheckAnswerAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async Task StopProjectAsync(CancellationToken cancellationToken)
    {
        await PostAsync($"{Project}/stop", cancellationToken);
        await WaitForStatusAsync("stopped", StateTimeout, cancellationToken);
    }

    public async Task RestartProjectAsync(CancellationToken cancellationToken)
    {
        await PostAsync($"{Project}/restart", cancellationToken);
        await WaitForStatusAsync("running", StateTimeout, cancellationToken);
    }

    public byte[] RawStartRequest() => RawHttpConnection.Post(Port, $"{Project}/start", "");

    public byte[] RawVersionRequest() => RawHttpConnection.Get(Port, "/");

    /// <summary>Until <c>/status</c> lists a worker in state <c>standby</c>.</summary>
    public Task WaitForStandbyAsync(CancellationToken cancellationToken) =>
        WaitUntilAsync(
            "a standby worker in /status",
            async token =>
            {
                using var status = await GetAsync("/status", token);
                return HasState(status.RootElement, "standby") ? null : status.RootElement.GetRawText();
            },
            StateTimeout,
            cancellationToken);

    public async Task<int> FindWorkerAsync(CancellationToken cancellationToken)
    {
        using var answer = await PostAsync("/api/v1/functions/hello/whoami/invoke", cancellationToken);
        return answer.RootElement.GetProperty("result").GetProperty("pid").GetInt32();
    }

    public override IEnumerable<MemoryReading> ReadMemory(string moment) =>
        _processes.Select(process => new MemoryReading(Name == SystemNames.CloudFunction ? "host" : Name, moment, ResidentMemory.Bytes(process.Id)));

    protected override void DeleteFiles()
    {
        try
        {
            _files.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A worker that is just ending still writes here; what is left is in the temporary folder.
        }
    }

    protected override string? GreetingIn(JsonElement answer) =>
        answer.GetProperty("status").GetString() == "success" ? answer.GetProperty("result").GetProperty("message").GetString() : null;

    private static bool HasState(JsonElement element, string state) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(property =>
            (property.NameEquals("state") && property.Value.ValueKind == JsonValueKind.String && property.Value.ValueEquals(state))
            || HasState(property.Value, state)),
        JsonValueKind.Array => element.EnumerateArray().Any(item => HasState(item, state)),
        _ => false,
    };

    private Dictionary<string, string> Settings(ComparisonOptions options, int? standbyWorkers)
    {
        var settings = new Dictionary<string, string>
        {
            ["HOST"] = "127.0.0.1",
            ["PORT"] = Port.ToString(CultureInfo.InvariantCulture),
            ["MAX_CONCURRENT"] = "256",
            ["ACCESS_LOG"] = Name == SystemNames.CloudFunctionAccessLog ? "true" : "false",
            ["INVOCATION_LOG"] = Name == SystemNames.CloudFunction ? "false" : "true",
            ["DEPLOYMENTS_DIR"] = System.IO.Path.Combine(_files.FullName, "deployments"),
            ["DATA_DIR"] = System.IO.Path.Combine(_files.FullName, "data"),
            ["LOG_DIR"] = System.IO.Path.Combine(_files.FullName, "logs"),
        };
        if (standbyWorkers is { } count)
        {
            settings["STANDBY_WORKERS"] = count.ToString(CultureInfo.InvariantCulture);
        }

        if (options.ProjectsDirectory is { } projects)
        {
            settings["PROJECTS_DIR"] = projects;
        }

        foreach (var assignment in options.HostEnvironment)
        {
            var parts = assignment.Split('=', 2);
            settings[parts[0]] = parts[1];
        }

        return settings;
    }

    private Task WaitForStatusAsync(string wanted, TimeSpan limit, CancellationToken cancellationToken) =>
        WaitUntilAsync(
            $"status '{wanted}' of the project hello",
            async token =>
            {
                using var project = await GetAsync(Project, token);
                return project.RootElement.TryGetProperty("data", out var data) && data.GetProperty("status").ValueEquals(wanted)
                    ? null
                    : project.RootElement.GetRawText();
            },
            limit,
            cancellationToken);

    private async Task<JsonDocument> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await Client.GetAsync(new Uri(Uri, path), cancellationToken);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private async Task<JsonDocument> PostAsync(string path, CancellationToken cancellationToken)
    {
        using var content = new StringContent(path.EndsWith("/invoke", StringComparison.Ordinal) ? "{}" : "", null, "application/json");
        using var response = await Client.PostAsync(new Uri(Uri, path), content, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(body)
            : throw new MeasurementException($"{Name}: POST {path} answered {(int)response.StatusCode}: {body}");
    }
}
