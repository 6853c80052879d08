using System.Globalization;
using SideBySide;
using SideBySide.Processes;

namespace TaskRates.Systems;

/// <summary>The sample host with all its folders in a temporary one, and the empty functions as its only project: a worker
/// process of their own.</summary>
internal sealed class CloudFunctionTasks : TaskSystem
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("tr-");

    private CloudFunctionTasks(string name)
        : base(name)
    {
    }

    protected override string EmptyPath => "/api/v1/functions/bench/empty/invoke?mode=async";

    protected override string StampPath => "/api/v1/functions/bench/stamp/invoke?mode=async";

    public static async Task<TaskSystem> StartAsync(string name, int connections, CancellationToken cancellationToken)
    {
        var system = new CloudFunctionTasks(name);
        try
        {
            var project = system._files.CreateSubdirectory("projects").CreateSubdirectory("bench").FullName;
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Repository.EmptyFunctions)!))
            {
                File.Copy(file, Path.Combine(project, Path.GetFileName(file)));
            }

            system.Process = ChildProcess.StartDotnet(name, Repository.SampleHost, [], system.Settings(connections), Repository.Root);
            await system.WaitUntilAsync("an answer", token => system.ProblemAsync("/health/live", token), cancellationToken);
            await system.WaitUntilAsync("a running project", system.ProjectProblemAsync, cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public override async Task<bool> HaveFinishedAsync(int count, CancellationToken cancellationToken)
    {
        // In the order in which a task goes through them, but for the one that would be gone back to.
        foreach (var status in new[] { "created", "retrying", "running" })
        {
            if (await HasAnyAsync(status, cancellationToken))
            {
                return false;
            }
        }

        return !await HasAnyAsync("failed", cancellationToken) ? true : throw new MeasurementException($"{Name}: a task has failed.");
    }

    public override async Task<long?> StartOfAsync(string id, CancellationToken cancellationToken)
    {
        var task = (await GetAsync($"/api/v1/tasks/{id}", cancellationToken)).GetProperty("task");
        return task.GetProperty("status").ValueEquals("completed") ? task.GetProperty("result").GetInt64() : null;
    }

    protected override ValueTask DeleteAsync()
    {
        try
        {
            _files.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A worker that is just ending still writes here; what is left is in the temporary folder.
        }

        return default;
    }

    private async Task<bool> HasAnyAsync(string status, CancellationToken cancellationToken) =>
        (await GetAsync($"/api/v1/tasks?status={status}&limit=1", cancellationToken)).GetProperty("tasks").GetArrayLength() > 0;

    private async Task<string?> ProjectProblemAsync(CancellationToken cancellationToken)
    {
        var project = (await GetAsync("/api/v1/projects/bench", cancellationToken)).GetProperty("data");
        return project.GetProperty("status").ValueEquals("running") ? null : project.GetRawText();
    }

    private Dictionary<string, string> Settings(int connections)
    {
        var settings = new Dictionary<string, string>
        {
            ["HOST"] = "127.0.0.1",
            ["PORT"] = Port.ToString(CultureInfo.InvariantCulture),
            ["ACCESS_LOG"] = "false",
            ["INVOCATION_LOG"] = "false",
        };
        foreach (var (setting, folder) in new[]
        {
            ("PROJECTS_DIR", "projects"),
            ("DEPLOYMENTS_DIR", "deployments"),
            ("DATA_DIR", "data"),
            ("LOG_DIR", "logs"),
            ("CONFIG_DIR", "config"),
        })
        {
            settings[setting] = Path.Combine(_files.FullName, folder);
        }

        if (SystemNames.IsTuned(Name))
        {
            settings["MAX_CONCURRENT"] = connections.ToString(CultureInfo.InvariantCulture);
        }

        return settings;
    }
}
