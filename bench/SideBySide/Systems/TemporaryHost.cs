using System.Globalization;
using System.Text.Json;
using SideBySide.Memory;
using SideBySide.Processes;

namespace SideBySide.Systems;

/// <summary>The sample host with all its folders in a temporary one, whose projects are the measurement's own.</summary>
internal sealed class TemporaryHost(string name, string path, IReadOnlyDictionary<string, string> settings) : MeasuredSystem
{
    // The list of some hundred projects is not asked for so often that this would be what the host is busy with.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("sbs-");
    private readonly List<ChildProcess> _processes = [];

    public override string Name => name;

    public override int Port { get; } = FreePort.Take();

    public override string Path => path;

    public string ProjectsDirectory => Directory.CreateDirectory(System.IO.Path.Combine(_files.FullName, "projects")).FullName;

    protected override IReadOnlyList<ChildProcess> Processes => _processes;

    /// <summary>Starts it, or again after <see cref="KillAsync"/>, and returns once it takes calls.</summary>
    public async Task StartAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        _processes.Add(ChildProcess.StartDotnet(Name, Repository.SampleHost, [], Settings(), Repository.Root));
        await WaitUntilAsync("an answer", async token =>
        {
            using var answer = await Client.GetAsync(new Uri(Uri, "/health/live"), token);
            return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode}";
        }, limit, cancellationToken);
    }

    /// <summary>Ends it and its workers with no warning.</summary>
    public async Task KillAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _processes.Clear();
    }

    /// <summary>Until so many projects are there and run, awake or asleep; one that has failed fails the measurement.</summary>
    public Task WaitForProjectsAsync(int count, TimeSpan limit, CancellationToken cancellationToken) =>
        WaitUntilAsync($"{count} running projects", async token =>
        {
            using var answer = await GetAsync("/api/v1/projects", token);
            var projects = answer.RootElement.GetProperty("data").EnumerateArray().ToLookup(project => project.GetProperty("status").GetString());
            var failed = projects["failed"].Concat(projects["unhealthy"]).FirstOrDefault();
            if (failed.ValueKind != JsonValueKind.Undefined)
            {
                using var details = await GetAsync($"/api/v1/projects/{failed.GetProperty("name").GetString()}", token);
                throw new MeasurementException($"{Name}: a project failed: {details.RootElement.GetRawText()}");
            }

            var running = projects["running"].Count();
            await Task.Delay(running < count ? PollInterval : TimeSpan.Zero, token);
            return running == count ? null : $"{running} run; {string.Join(", ", projects.Select(group => $"{group.Key}: {group.Count()}"))}";
        }, limit, cancellationToken);

    /// <summary>Until no worker is left but those on standby.</summary>
    public Task WaitUntilAsleepAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        WaitUntilAsync("sleep of all projects", async token =>
        {
            using var status = await GetAsync("/status", token);
            var awake = status.RootElement.GetProperty("workers")
                .EnumerateArray()
                .Count(worker => worker.GetProperty("state").GetString() != "standby");
            await Task.Delay(awake > 0 ? PollInterval : TimeSpan.Zero, token);
            return awake == 0 ? null : $"{awake} workers that are not on standby";
        }, limit, cancellationToken);

    public override IEnumerable<MemoryReading> ReadMemory(string moment) =>
        _processes.Select(process => new MemoryReading(MemoryReading.Host, moment, ResidentMemory.Bytes(process.Id)));

    /// <summary>The host's memory, and that of all its workers in one reading.</summary>
    public async Task<IReadOnlyList<MemoryReading>> ReadMemoryWithWorkersAsync(string moment, CancellationToken cancellationToken)
    {
        using var status = await GetAsync("/status", cancellationToken);
        var workers = status.RootElement.GetProperty("workers").EnumerateArray().Select(worker => worker.GetProperty("pid").GetInt32()).ToList();
        return [.. ReadMemory(moment), new MemoryReading($"{workers.Count} worker(s)", moment, workers.Sum(ResidentMemory.Bytes))];
    }

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

    private async Task<JsonDocument> GetAsync(string route, CancellationToken cancellationToken)
    {
        using var response = await Client.GetAsync(new Uri(Uri, route), cancellationToken);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
    }

    private Dictionary<string, string> Settings()
    {
        var all = new Dictionary<string, string>
        {
            ["HOST"] = "127.0.0.1",
            ["PORT"] = Port.ToString(CultureInfo.InvariantCulture),
            ["MAX_CONCURRENT"] = "256",
            ["ACCESS_LOG"] = "false",
            ["INVOCATION_LOG"] = "false",
            ["PROJECTS_DIR"] = ProjectsDirectory,
        };
        foreach (var (setting, folder) in new[]
        {
            ("DEPLOYMENTS_DIR", "deployments"),
            ("DATA_DIR", "data"),
            ("LOG_DIR", "logs"),
            ("CONFIG_DIR", "config"),
        })
        {
            all[setting] = System.IO.Path.Combine(_files.FullName, folder);
        }

        foreach (var (setting, value) in settings)
        {
            all[setting] = value;
        }

        return all;
    }
}
