using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.Runtime.Projects;

/// <summary>What the host does of itself with what lies in PROJECTS_DIR: makes projects of folders, starts them, follows their changes and forgets
/// those that are gone. One operation at a time is done under a project's name. Thread safe.</summary>
internal sealed class ProjectFolders(
    CloudFunctionOptions options, ProjectCatalog projects, ProjectFactory factory, ProjectVersions versions, NameLocks turns, ProjectLog log,
    TimeProvider time, RuntimeStopping stopping)
{
    /// <summary>Adds the projects whose folders are there when the host starts.</summary>
    /// <exception cref="IOException">PROJECTS_DIR cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public async Task AddAllAsync()
    {
        FolderReplacement.Recover(options.ProjectsDirectory, log.Logger);
        ReceivedArchive.Sweep(ReceivedArchive.DirectoryOf(options));
        ProjectTrash.RemoveCopies(options.DataDirectory);
        foreach (var folder in ProjectDirectory.Scan(options.ProjectsDirectory))
        {
            if (folder.IsValid)
            {
                projects.Add(await factory.OpenAsync(folder).ConfigureAwait(false));
            }
            else
            {
                AddInvalid(folder);
            }
        }

        projects.Publish();
        await versions.RemoveStraysAsync(projects.Projects).ConfigureAwait(false);
    }

    /// <summary>Starts a project with the host, unless an operator has stopped it.</summary>
    public Task StartWithHostAsync(Project project) => turns.RunAsync(
        project.Name,
        async () =>
        {
            if (projects.Find(project.Name) != project)
            {
                return; // Its folder was removed before its turn.
            }

            if (project.IsStopped)
            {
                project.RefuseAsStopped();
                log.StaysStopped(project.Name);
                return;
            }

            // Where idle projects sleep, nothing is started that nobody calls.
            await ReachAsync(project, new WantedState(ProjectGoal.Started) { AtRest = options.IdleTimeout > TimeSpan.Zero }).ConfigureAwait(false);
        },
        stopping.Token).WaitAsync(stopping.Token);

    /// <summary>Takes what has become of a folder in PROJECTS_DIR: a new one becomes a project, one that has changed is deployed, and the project
    /// of one that is gone is drained and forgotten; its versions stay, for the case that the folder comes back.</summary>
    /// <param name="name">The folder's name, valid or not.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task SyncAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await turns.RunAsync(name, () => TakeAsync(name), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CloudFunctionException)
        {
            // The project has logged why what its folder holds does not serve, and reports it when it is asked.
        }
    }

    /// <summary>Removes what is no longer needed of each project that nothing is being done with. What cannot be removed is logged, and the others'
    /// is removed all the same.</summary>
    public async Task CleanUpAsync()
    {
        foreach (var project in projects.Projects)
        {
            try
            {
                await turns.TryRunAsync(project.Name, project.CleanUpAsync).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                log.CleanUpFailed(project.Name, exception.Message);
            }
        }
    }

    /// <summary>A project; one whose folder is there and that the watcher has not reported yet, or never will where it is off, is added. To be
    /// called in the name's turn.</summary>
    /// <exception cref="ProjectException">There is none.</exception>
    public async Task<Project> FindOrAddAsync(string name)
    {
        if (projects.Find(name) is null && ProjectDirectory.Find(options.ProjectsDirectory, name) is { IsValid: true } folder)
        {
            await AddAsync(folder).ConfigureAwait(false);
        }

        return projects.Require(name);
    }

    /// <summary>Drains a project and forgets it. To be called in the name's turn.</summary>
    public async Task RemoveAsync(Project project, string reason)
    {
        projects.Remove(project.Name);
        await project.EndAsync().ConfigureAwait(false);
        log.Removed(project.Name, reason);
    }

    private async Task TakeAsync(string name)
    {
        var folder = ProjectDirectory.Find(options.ProjectsDirectory, name);
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
            await ReachAsync(known, new WantedState(ProjectGoal.Synced)).ConfigureAwait(false);
        }
        else if (await AddAsync(folder).ConfigureAwait(false) is { IsStopped: false } added)
        {
            await ReachAsync(added, new WantedState(ProjectGoal.Started)).ConfigureAwait(false);
        }
    }

    private Task<ProjectOutcome> ReachAsync(Project project, WantedState wanted) => project.ReachAsync(wanted, stopping.Token);

    private async Task<Project> AddAsync(ProjectCandidate folder)
    {
        var project = await factory.OpenAsync(folder).ConfigureAwait(false);
        if (project.IsStopped)
        {
            project.RefuseAsStopped();
        }

        projects.Add(project);
        projects.Publish();
        log.Found(folder.Name);
        return project;
    }

    private void AddInvalid(ProjectCandidate folder)
    {
        if (projects.AddInvalid(folder, time.GetUtcNow()))
        {
            log.InvalidFolder(folder.Name, folder.Error!);
        }
    }
}
