using CloudFunction.Runtime.Projects;

namespace CloudFunction.AspNetCore.Tests.Fakes;

/// <summary>Operations on the one project <c>hello</c>, noted and not done.</summary>
internal sealed class FakeOperations : IProjectOperations
{
    public List<string> Acts { get; } = [];

    /// <summary>What every operation throws; null where it succeeds.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What an upload or a deploy waits for, with the caller's token.</summary>
    public Func<CancellationToken, Task> OnDeploy { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Ends once an archive is being read, with that reading.</summary>
    public TaskCompletionSource<Task> Receiving { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The bytes of the last archive that was read to its end.</summary>
    public byte[]? Archive { get; private set; }

    /// <summary>How much of an archive is read; what is larger is too large.</summary>
    public long MaxArchiveBytes { get; set; } = long.MaxValue;

    public FunctionUpload? Function { get; private set; }

    public IReadOnlyDictionary<int, int>? Weights { get; private set; }

    public IReadOnlyDictionary<string, string?>? Changes { get; private set; }

    private static VersionInfo[] Versions =>
    [
        new(4, FakeRuntime.Start.AddHours(1), true, 90, ["greet"], "upload"),
        new(3, FakeRuntime.Start, false, 10, [], "folder"),
    ];

    public Task<ProjectInfo> StartAsync(string project, CancellationToken cancellationToken) => ActAsync("start", project);

    public Task<ProjectInfo> StopAsync(string project, CancellationToken cancellationToken) => ActAsync("stop", project);

    public Task<ProjectInfo> RestartAsync(string project, CancellationToken cancellationToken) => ActAsync("restart", project);

    public Task DeleteAsync(string project, CancellationToken cancellationToken) => ActAsync("delete", project);

    public Task<DeployResult> DeployAsync(string project, CancellationToken cancellationToken) => DeployAsync("deploy", project, cancellationToken);

    public async Task<DeployResult> UploadAsync(string project, Stream archive, CancellationToken cancellationToken)
    {
        var reading = ReadAsync(archive, cancellationToken);
        Receiving.TrySetResult(reading);
        await reading;
        return await DeployAsync("upload", project, cancellationToken);
    }

    public Task<DeployResult> DeployFunctionAsync(string project, FunctionUpload function, CancellationToken cancellationToken)
    {
        Function = function;
        return DeployAsync("function " + function.Name, project, cancellationToken);
    }

    public Task<DeployResult> RedeployFunctionAsync(string project, string function, CancellationToken cancellationToken) =>
        DeployAsync("redeploy " + function, project, cancellationToken);

    public async Task<DeployResult?> DeleteFunctionAsync(string project, string function, CancellationToken cancellationToken)
    {
        var result = await DeployAsync("delete " + function, project, cancellationToken);
        return function == "greet" ? result : null;
    }

    public Task<IReadOnlyList<VersionInfo>> GetVersionsAsync(string project, CancellationToken cancellationToken)
    {
        Require(project);
        return Task.FromResult<IReadOnlyList<VersionInfo>>(Versions);
    }

    public Task<DeployResult> RollbackAsync(string project, int? version, CancellationToken cancellationToken) =>
        DeployAsync(version is null ? "rollback" : $"rollback {version}", project, cancellationToken);

    public async Task<IReadOnlyList<VersionInfo>> SetTrafficAsync(
        string project, IReadOnlyDictionary<int, int> weights, CancellationToken cancellationToken)
    {
        await ActAsync("traffic", project);
        Weights = weights;
        return Versions;
    }

    public async Task<IReadOnlyList<string>> SetEnvironmentAsync(
        string project, IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken)
    {
        await ActAsync("env", project);
        Changes = changes;
        return [.. changes.Keys];
    }

    public Task<IReadOnlyList<string>> SetSystemEnvironmentAsync(IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken)
    {
        Changes = changes;
        return Task.FromResult<IReadOnlyList<string>>([.. changes.Keys.Where(static name => name == "PORT")]);
    }

    public IReadOnlyList<string> GetSystemDependencies() => ["Dapper>=2.1"];

    private async Task ReadAsync(Stream archive, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[10_000];
        while (await archive.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            copy.Write(buffer, 0, read);
            if (copy.Length > MaxArchiveBytes)
            {
                throw new ProjectException(ProjectErrorCode.TooLarge, $"The archive is larger than {MaxArchiveBytes} bytes (MAX_UPLOAD_BYTES).");
            }
        }

        Archive = copy.ToArray();
    }

    private async Task<DeployResult> DeployAsync(string act, string project, CancellationToken cancellationToken)
    {
        await OnDeploy(cancellationToken);
        var info = await ActAsync(act, project);
        return new DeployResult(
            info,
            4,
            ["greet", "wait"],
            new FunctionChanges(["greet"], ["old"], ["wait"]),
            new DeployTimings(TimeSpan.FromMilliseconds(512), TimeSpan.FromMilliseconds(80.4), TimeSpan.Zero));
    }

    private Task<ProjectInfo> ActAsync(string act, string project)
    {
        Require(project);
        Acts.Add($"{act} {project}");
        return Task.FromResult(FakeRuntime.Hello);
    }

    private void Require(string project)
    {
        if (Failure is not null || project == "nobody")
        {
            throw Failure ?? new ProjectException(ProjectErrorCode.ProjectNotFound, $"There is no project '{project}'.");
        }
    }
}
