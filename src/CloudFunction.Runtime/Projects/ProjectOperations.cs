using System.Text;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Projects.Uploads;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>Finds the project of an operation and has one operation at a time done under its name. Thread safe.</summary>
internal sealed class ProjectOperations(
    CloudFunctionOptions options, ProjectCatalog projects, ProjectFolders folders, FolderChanges changes, ProjectVersions versions,
    ProjectDecisions decisions, ProjectCounterStore counters, ProjectSchedules schedules, HostFolder host, VariablesReader variables,
    WorkerSupervisor supervisor, NameLocks turns, TimeProvider time, RuntimeStopping stopping)
    : IProjectOperations
{
    public Task<ProjectInfo> StartAsync(string project, CancellationToken cancellationToken) =>
        ReachAsync(project, ProjectGoal.Started, cancellationToken);

    public Task<ProjectInfo> RestartAsync(string project, CancellationToken cancellationToken) =>
        ReachAsync(project, ProjectGoal.Restarted, cancellationToken);

    public Task<ProjectInfo> StopAsync(string project, CancellationToken cancellationToken) => RunAsync(
        project,
        async () =>
        {
            var found = await folders.FindOrAddAsync(project).ConfigureAwait(false);
            await found.StopAsync().ConfigureAwait(false);
            return found.Describe();
        },
        cancellationToken);

    public Task DeleteAsync(string project, CancellationToken cancellationToken) => RunAsync(
        project,
        async () =>
        {
            // First what can fail, and then counts after a crash: without its folder there is no such project.
            var found = projects.Require(project);
            await TrashAsync(found).ConfigureAwait(false);
            await folders.RemoveAsync(found, "an operator has deleted it").ConfigureAwait(false);
            versions.RemoveFiles(project);
            counters.Remove(project);
            await decisions.SaveAsync(stopping.Token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    public Task<DeployResult> DeployAsync(string project, CancellationToken cancellationToken) => RunForCallerAsync(
        project,
        async token =>
        {
            var found = await folders.FindOrAddAsync(project).ConfigureAwait(false);
            var outcome = await found.ReachAsync(new WantedState(ProjectGoal.Deployed), token).ConfigureAwait(false);
            return DeployResult.Of(found, outcome);
        },
        cancellationToken);

    public async Task<DeployResult> UploadAsync(string project, Stream archive, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
        var received = await ReceivedArchive.ReceiveAsync(
            archive, ReceivedArchive.DirectoryOf(options), options.MaxUploadBytes, ending.Token).ConfigureAwait(false);
        return await TakeArchiveAsync(project, received, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task<DeployResult> DeployFunctionAsync(string project, FunctionUpload function, CancellationToken cancellationToken) =>
        RunForCallerAsync(project, token => changes.AddFunctionAsync(project, function, token), cancellationToken);

    public Task<DeployResult?> DeleteFunctionAsync(string project, string function, CancellationToken cancellationToken) => RunForCallerAsync(
        project,
        async token =>
        {
            var found = projects.Require(project);
            if (!found.Describe().Functions.Any(each => each.Name == function))
            {
                throw new ProjectException(ProjectErrorCode.FunctionNotFound, $"Project '{project}' has no function '{function}'.")
                {
                    Field = "function",
                };
            }

            if (FolderChanges.HasOwnFile(found.Directory, function))
            {
                return await changes.RemoveFunctionAsync(found, function, token).ConfigureAwait(false);
            }

            await found.DisableAsync(function).ConfigureAwait(false);
            return (DeployResult?)null;
        },
        cancellationToken);

    public Task<DeployResult> RedeployFunctionAsync(string project, string function, CancellationToken cancellationToken) => RunForCallerAsync(
        project,
        async token =>
        {
            var found = projects.Require(project);
            var wanted = new WantedState(ProjectGoal.Deployed) { Requirement = FunctionRequirement.Deployed(project, function) };
            var outcome = await found.ReachAsync(wanted, token).ConfigureAwait(false);
            await found.EnableAsync(function).ConfigureAwait(false);
            return DeployResult.Of(found, outcome);
        },
        cancellationToken);

    public async Task<IReadOnlyList<VersionInfo>> GetVersionsAsync(string project, CancellationToken cancellationToken)
    {
        projects.Require(project);
        return await versions.DescribeAsync(project, cancellationToken).ConfigureAwait(false);
    }

    public Task<DeployResult> RollbackAsync(string project, int? version, CancellationToken cancellationToken) => RunForCallerAsync(
        project,
        async token =>
        {
            var found = projects.Require(project);
            var target = version ?? await FindEarlierAsync(project, token).ConfigureAwait(false);
            var wanted = new WantedState(ProjectGoal.Divided) { Weights = new Dictionary<int, int> { [target] = 100 } };
            return DeployResult.Of(found, await found.ReachAsync(wanted, token).ConfigureAwait(false));
        },
        cancellationToken);

    public Task<IReadOnlyList<VersionInfo>> SetTrafficAsync(
        string project, IReadOnlyDictionary<int, int> weights, CancellationToken cancellationToken) => RunForCallerAsync(
        project,
        async token =>
        {
            var wanted = new WantedState(ProjectGoal.Divided) { Weights = weights, KeepsWorkers = true };
            await projects.Require(project).ReachAsync(wanted, token).ConfigureAwait(false);
            return await versions.DescribeAsync(project, token).ConfigureAwait(false);
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> SetEnvironmentAsync(
        string project, IReadOnlyDictionary<string, string?> changed, CancellationToken cancellationToken) =>
        RunForCallerAsync<IReadOnlyList<string>>(project, token => ConfigureAsync(project, changed, token), cancellationToken);

    public Task<IReadOnlyList<string>> SetSystemEnvironmentAsync(
        IReadOnlyDictionary<string, string?> changed, CancellationToken cancellationToken) => RunAsync(
        "", // No project has this name, and there is one such file.
        async () =>
        {
            var settings = host.Change(changed, options);
            if (settings.Count < changed.Count)
            {
                supervisor.SetBaseEnvironment(host.ReadBaseEnvironment(options.EnvInterpolate));
                await ReloadAllAsync().ConfigureAwait(false);
            }

            return settings;
        },
        cancellationToken);

    public IReadOnlyList<string> GetSystemDependencies() => host.ReadDependencies();

    private async Task TrashAsync(Project project)
    {
        versions.CheckRemovable(project.Name);
        var trashed = ProjectDirectory.Find(options.ProjectsDirectory, project.Name) is null
            ? null
            : ProjectTrash.Move(project.Directory, options.DataDirectory, time);
        try
        {
            // Before what cannot be undone: none of them may run the functions of a later project of this name.
            await schedules.ForgetAsync(project.Name).ConfigureAwait(false);
            await versions.ForgetAsync(project.Name).ConfigureAwait(false);
        }
        catch (Exception exception) when (trashed is not null && exception is IOException or UnauthorizedAccessException or TaskStoreException)
        {
            ProjectTrash.PutBack(trashed, project.Directory);
            throw;
        }
    }

    // Owns the archive: its file goes when the operation ends, and too when its caller left before it began.
    private async Task<DeployResult> TakeArchiveAsync(string project, ReceivedArchive archive, CancellationToken cancellationToken)
    {
        using (archive)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
            return await turns.RunAsync(project, () => changes.UploadAsync(project, archive, ending.Token), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<string>> ConfigureAsync(
        string project, IReadOnlyDictionary<string, string?> changed, CancellationToken cancellationToken)
    {
        var found = projects.Require(project);
        DiskEntry.RequireFolder(found.Directory); // It is away, perhaps with all that is in it, and no new one may be in its place.
        var edit = new FolderEdit(found.Directory);
        var text = DotEnvEditor.EditFile(Path.Combine(found.Directory, DotEnvFile.FileName), changed, options.EnvInterpolate);
        edit.Set(DotEnvFile.FileName, Encoding.UTF8.GetBytes(text));
        var file = variables.Parse(text);
        var wanted = new WantedState(ProjectGoal.Configured) { Variables = new ProjectVariables(file.Values), Change = edit };
        await found.ReachAsync(wanted, cancellationToken).ConfigureAwait(false);
        return [.. file.Entries.Select(each => each.Name)];
    }

    private Task ReloadAllAsync()
    {
        var bound = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stopping.Token };
        return Parallel.ForEachAsync(projects.Projects, bound, async (project, _) =>
        {
            try
            {
                await turns.RunAsync(project.Name, () => project.ReachAsync(new WantedState(ProjectGoal.Reloaded), stopping.Token), stopping.Token)
                    .ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The project has logged why its new workers do not serve; the old ones go on.
            }
        });
    }

    private async Task<int> FindEarlierAsync(string project, CancellationToken cancellationToken)
    {
        var kept = await versions.DescribeAsync(project, cancellationToken).ConfigureAwait(false);
        var live = kept.FirstOrDefault(each => each.Active)?.Version ?? int.MaxValue;
        return kept.FirstOrDefault(each => each.Version < live)?.Version ?? throw new ProjectException(
            ProjectErrorCode.Conflict, $"Project '{project}' has no version before the one that serves (KEEP_VERSIONS sets how many are kept).")
        {
            Field = "version",
        };
    }

    private Task<ProjectInfo> ReachAsync(string project, ProjectGoal goal, CancellationToken cancellationToken) => RunAsync(
        project,
        async () =>
        {
            var found = await folders.FindOrAddAsync(project).ConfigureAwait(false);
            await found.ReachAsync(new WantedState(goal), stopping.Token).ConfigureAwait(false);
            return found.Describe();
        },
        cancellationToken);

    // What is done for a caller alone ends with the caller, until it is about to be live: then, and with whatever is undone, it goes on to its end.
    private Task<T> RunForCallerAsync<T>(string project, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken) => RunAsync(
        project,
        async () =>
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
            return await operation(ending.Token).ConfigureAwait(false);
        },
        cancellationToken);

    // Once begun it goes on to its end, whether or not its caller still waits: a client that goes away leaves nothing half done.
    private Task<T> RunAsync<T>(string project, Func<Task<T>> operation, CancellationToken cancellationToken) =>
        turns.RunAsync(project, operation, cancellationToken).WaitAsync(cancellationToken);
}
