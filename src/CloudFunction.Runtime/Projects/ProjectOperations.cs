using System.Text;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.Runtime.Projects;

/// <summary>Finds the project of an operation and has one operation at a time done on it. Thread safe.</summary>
/// <param name="projects">All projects.</param>
/// <param name="services">What projects share.</param>
internal sealed class ProjectOperations(ProjectCatalog projects, ProjectServices services) : IProjectOperations
{
    // Each needs some ten megabytes and all of the disk that it can get; who waits has an archive of up to MAX_UPLOAD_BYTES on disk.
    private const int UnpackingAtOnce = 2;
    private const int MaxWaitingUploads = 30;

    private readonly NameLocks _locks = new();
    private readonly UnpackingPlaces _unpacking = new(UnpackingAtOnce, MaxWaitingUploads);

    public Task<ProjectInfo> StartAsync(string project, CancellationToken cancellationToken) =>
        DoAsync(project, found => found.StartAsync(), cancellationToken);

    public Task<ProjectInfo> StopAsync(string project, CancellationToken cancellationToken) =>
        DoAsync(project, found => found.StopAsync(), cancellationToken);

    public Task<ProjectInfo> RestartAsync(string project, CancellationToken cancellationToken) =>
        DoAsync(project, found => found.RestartAsync(), cancellationToken);

    public Task DeleteAsync(string project, CancellationToken cancellationToken) => RunAsync(
        project,
        async () =>
        {
            // First what can fail, and then counts after a crash: without its folder there is no such project.
            var found = Find(project);
            if (Directory.Exists(found.Folder.Directory))
            {
                ProjectTrash.Move(found.Folder.Directory, services.Options.DataDirectory, services.Time);
            }

            await RemoveAsync(found, "an operator has deleted it").ConfigureAwait(false);
            await services.Deployments.RemoveProjectAsync(project, services.Stopping).ConfigureAwait(false);
            services.Stager.Forget(project);
            services.Counters.Remove(project);
            await services.Counters.FlushAsync(services.Stopping).ConfigureAwait(false);
        },
        cancellationToken);

    public Task<DeployResult> DeployAsync(string project, CancellationToken cancellationToken) =>
        RunForCallerAsync(project, async token => await (await FindOrAddAsync(project).ConfigureAwait(false)).DeployFolderAsync(token).ConfigureAwait(false), cancellationToken);

    public async Task<DeployResult> UploadAsync(string project, Stream archive, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, services.Stopping);
        var received = await ReceivedArchive.ReceiveAsync(
            archive, UploadsDirectory, services.Options.MaxUploadBytes, stopping.Token).ConfigureAwait(false);
        return await TakeArchiveAsync(project, received, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task<DeployResult> DeployFunctionAsync(string project, FunctionUpload function, CancellationToken cancellationToken) =>
        RunForCallerAsync(project, token => new FolderChanges(projects, services).AddFunctionAsync(project, function, token), cancellationToken);

    public Task<DeployResult?> DeleteFunctionAsync(string project, string function, CancellationToken cancellationToken) =>
        RunForCallerAsync(
            project,
            async token =>
            {
                var found = Find(project);
                if (!found.Describe().Functions.Any(each => each.Name == function))
                {
                    throw new ProjectException(ProjectErrorCode.FunctionNotFound, $"Project '{project}' has no function '{function}'.") { Field = "function" };
                }

                if (FolderChanges.HasOwnFile(found.Folder.Directory, function))
                {
                    return await new FolderChanges(projects, services).RemoveFunctionAsync(found, function, token).ConfigureAwait(false);
                }

                await found.SetDisabledAsync(function, isDisabled: true).ConfigureAwait(false);
                return (DeployResult?)null;
            },
            cancellationToken);

    public Task<DeployResult> RedeployFunctionAsync(string project, string function, CancellationToken cancellationToken) =>
        RunForCallerAsync(
            project,
            async token =>
            {
                var found = Find(project);
                var result = await found.DeployFolderAsync(token, loaded => RequireFunction(project, function, loaded)).ConfigureAwait(false);
                await found.SetDisabledAsync(function, isDisabled: false).ConfigureAwait(false);
                return result with { Project = found.Describe() };
            },
            cancellationToken);

    public async Task<IReadOnlyList<VersionInfo>> GetVersionsAsync(string project, CancellationToken cancellationToken)
    {
        Find(project);
        var live = await services.Deployments.ReadLiveAsync(project, cancellationToken).ConfigureAwait(false);
        var versions = await services.Deployments.ListAsync(project, cancellationToken).ConfigureAwait(false);
        return
        [
            .. versions.Where(each => each.Manifest.Functions is not null || each.Version == live.Version).Reverse()
                .Select(each => new VersionInfo(
                    each.Version, each.Manifest.CreatedAt, each.Version == live.Version, live.WeightOf(each.Version),
                    [.. (each.Manifest.Functions ?? []).Select(function => function.Name).Order(StringComparer.Ordinal)], each.Manifest.Source)),
        ];
    }

    public Task<DeployResult> RollbackAsync(string project, int? version, CancellationToken cancellationToken) =>
        RunForCallerAsync(
            project,
            async token =>
            {
                var found = Find(project);
                var target = version ?? await FindEarlierAsync(project, token).ConfigureAwait(false);
                return await found.ServeVersionsAsync(new Dictionary<int, int> { [target] = 100 }, keepsWorkers: false, token).ConfigureAwait(false);
            },
            cancellationToken);

    public Task<IReadOnlyList<VersionInfo>> SetTrafficAsync(string project, IReadOnlyDictionary<int, int> weights, CancellationToken cancellationToken) =>
        RunForCallerAsync(
            project,
            async token =>
            {
                await Find(project).ServeVersionsAsync(weights, keepsWorkers: true, token).ConfigureAwait(false);
                return await GetVersionsAsync(project, token).ConfigureAwait(false);
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> SetEnvironmentAsync(string project, IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken) =>
        RunForCallerAsync<IReadOnlyList<string>>(
            project,
            async token =>
            {
                var found = Find(project);
                var edit = new FolderEdit(found.Folder.Directory);
                var text = DotEnvEditor.EditFile(Path.Combine(found.Folder.Directory, DotEnvFile.FileName), changes);
                edit.Set(DotEnvFile.FileName, Encoding.UTF8.GetBytes(text));
                var file = DotEnvFile.Parse(text, DotEnvFile.FileName);
                try
                {
                    await found.ChangeVariablesAsync(new ProjectVariables(file.Values), edit.Commit, token).ConfigureAwait(false);
                }
                catch
                {
                    edit.Rollback();
                    throw;
                }

                return [.. file.Entries.Select(each => each.Name)];
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> SetSystemEnvironmentAsync(IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken) =>
        RunAsync(
            "", // No project has this name, and there is one such file.
            async () =>
            {
                var settings = services.Host.Change(changes, services.Options);
                if (settings.Count < changes.Count)
                {
                    services.Supervisor.SetBaseEnvironment(services.Host.ReadBaseEnvironment());
                    await ReloadAllAsync().ConfigureAwait(false);
                }

                return settings;
            },
            cancellationToken);

    public IReadOnlyList<string> GetSystemDependencies() => services.Host.ReadDependencies();

    /// <summary>Adds the projects whose folders are there when the host starts.</summary>
    /// <exception cref="IOException">PROJECTS_DIR cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public async Task AddAllAsync()
    {
        FolderReplacement.Recover(services.Options.ProjectsDirectory, services.Logger);
        ReceivedArchive.Sweep(UploadsDirectory);
        foreach (var folder in ProjectDirectory.Scan(services.Options.ProjectsDirectory))
        {
            if (folder.IsValid)
            {
                projects.Add(await ProjectRuntime.OpenAsync(folder, services).ConfigureAwait(false));
            }
            else
            {
                AddInvalid(folder);
            }
        }

        projects.Publish();
        await services.Deployments.RemoveStraysAsync(projects.Projects.Select(each => each.Name), services.Stopping).ConfigureAwait(false);
    }

    /// <summary>Starts a project with the host, unless an operator has stopped it.</summary>
    public Task StartWithHostAsync(ProjectRuntime project) => RunAsync(
        project.Name,
        async () =>
        {
            if (project.IsStopped)
            {
                project.MarkStopped();
                ProjectLog.StaysStopped(services.Logger, project.Name);
                return;
            }

            // Where idle projects sleep, nothing is started that nobody calls.
            await project.StartAsync(atRest: services.Options.IdleTimeout > TimeSpan.Zero).ConfigureAwait(false);
        },
        services.Stopping);

    /// <summary>Takes what has become of a folder in PROJECTS_DIR: a new one becomes a project, one that has changed is deployed, and the project of one
    /// that is gone is drained and forgotten; its versions stay, for the case that the folder comes back.</summary>
    /// <param name="name">The folder's name, valid or not.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task SyncAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(name, () => TakeFolderAsync(name), cancellationToken).ConfigureAwait(false);
        }
        catch (CloudFunctionException)
        {
            // The project has logged why what its folder holds does not serve, and says so when it is asked.
        }
    }

    /// <summary>Removes what is no longer needed of each project that nothing is being done with.</summary>
    public async Task CleanUpAsync()
    {
        foreach (var project in projects.Projects)
        {
            await _locks.TryRunAsync(project.Name, project.CleanUpAsync).ConfigureAwait(false);
        }
    }

    private async Task TakeFolderAsync(string name)
    {
        var folder = ProjectDirectory.Find(services.Options.ProjectsDirectory, name);
        if (folder is { IsValid: false })
        {
            AddInvalid(folder);
        }
        else if (folder is null)
        {
            projects.RemoveInvalid(name);
            if (projects.Find(name) is { } gone)
            {
                await RemoveAsync(gone, "its folder is gone").ConfigureAwait(false);
            }
        }
        else if (projects.Find(name) is { } known)
        {
            await known.SyncAsync().ConfigureAwait(false);
        }
        else
        {
            await AddAsync(folder).ConfigureAwait(false);
        }
    }

    // Owns the archive: its file goes when the operation ends, and too when its caller left before it began.
    private async Task<DeployResult> TakeArchiveAsync(string project, ReceivedArchive archive, CancellationToken cancellationToken)
    {
        using (archive)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, services.Stopping);
            var changes = new FolderChanges(projects, services);
            return await _locks.RunAsync(project, () => changes.UploadAsync(project, archive, _unpacking, ending.Token), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private string UploadsDirectory => Path.Combine(services.Options.DataDirectory, "uploads");

    private Task ReloadAllAsync()
    {
        var bound = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = services.Stopping };
        return Parallel.ForEachAsync(projects.Projects, bound, async (project, _) =>
        {
            try
            {
                await _locks.RunAsync(project.Name, project.ReloadAsync, services.Stopping).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The project has logged why its new workers do not serve; the old ones go on.
            }
        });
    }

    private static void RequireFunction(string project, string function, IReadOnlyList<LiveDeployment> loaded)
    {
        if (!loaded.Any(each => each.Targets.ContainsKey(function)))
        {
            throw new ProjectException(
                ProjectErrorCode.FunctionNotFound,
                $"What project '{project}' would be has no function '{function}'; it has {string.Join(", ", loaded[0].Targets.Keys.Order(StringComparer.Ordinal))}.")
            {
                Field = "function",
            };
        }
    }

    private ProjectRuntime Find(string project) => projects.Find(project)
        ?? throw new ProjectException(ProjectErrorCode.ProjectNotFound, $"There is no project '{project}'.") { Field = "project" };

    // One whose folder is there and that the watcher has not told of yet, or never will where it is off.
    private async Task<ProjectRuntime> FindOrAddAsync(string project)
    {
        if (projects.Find(project) is null && ProjectDirectory.Find(services.Options.ProjectsDirectory, project) is { IsValid: true } folder)
        {
            await AddProjectAsync(folder).ConfigureAwait(false);
        }

        return Find(project);
    }

    private async Task<int> FindEarlierAsync(string project, CancellationToken cancellationToken)
    {
        var versions = await GetVersionsAsync(project, cancellationToken).ConfigureAwait(false);
        var active = versions.FirstOrDefault(each => each.Active)?.Version ?? int.MaxValue;
        return versions.FirstOrDefault(each => each.Version < active)?.Version ?? throw new ProjectException(
            ProjectErrorCode.Conflict, $"Project '{project}' has no version before the one that serves (KEEP_VERSIONS says how many are kept).")
        {
            Field = "version",
        };
    }

    private async Task AddAsync(ProjectCandidate folder)
    {
        var project = await AddProjectAsync(folder).ConfigureAwait(false);
        if (project.IsStopped)
        {
            project.MarkStopped();
            return;
        }

        await project.StartAsync().ConfigureAwait(false);
    }

    private async Task<ProjectRuntime> AddProjectAsync(ProjectCandidate folder)
    {
        var project = await ProjectRuntime.OpenAsync(folder, services).ConfigureAwait(false);
        projects.Add(project);
        projects.Publish();
        ProjectLog.Found(services.Logger, folder.Name);
        return project;
    }

    private void AddInvalid(ProjectCandidate folder)
    {
        if (projects.AddInvalid(folder, services.Time.GetUtcNow()))
        {
            ProjectLog.InvalidFolder(services.Logger, folder.Name, folder.Error!);
        }
    }

    private async Task RemoveAsync(ProjectRuntime project, string reason)
    {
        projects.Remove(project.Name);
        await project.EndAsync().ConfigureAwait(false);
        project.Dispose();
        await services.SetSchedules(project.Name, []).ConfigureAwait(false);
        ProjectLog.Removed(services.Logger, project.Name, reason);
    }

    private Task<ProjectInfo> DoAsync(string project, Func<ProjectRuntime, Task> operation, CancellationToken cancellationToken) => RunAsync(
        project,
        async () =>
        {
            var found = await FindOrAddAsync(project).ConfigureAwait(false);
            await operation(found).ConfigureAwait(false);
            return found.Describe();
        },
        cancellationToken);

    private Task RunAsync(string project, Func<Task> operation, CancellationToken cancellationToken) =>
        _locks.RunAsync(project, operation, cancellationToken).WaitAsync(cancellationToken);

    // What is done for a caller alone ends with the caller, until it is about to serve: then, and with whatever is undone, it goes on to its end.
    private Task<T> RunForCallerAsync<T>(string project, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken) => RunAsync(
        project,
        async () =>
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, services.Stopping);
            return await operation(ending.Token).ConfigureAwait(false);
        },
        cancellationToken);

    // Once begun it goes on to its end, whether or not its caller still waits: a client that goes away leaves nothing half done.
    private Task<T> RunAsync<T>(string project, Func<Task<T>> operation, CancellationToken cancellationToken) =>
        _locks.RunAsync(project, operation, cancellationToken).WaitAsync(cancellationToken);
}
