using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>The staged versions of all projects, as projects need them. Thread safe; one writer per project.</summary>
internal sealed class ProjectVersions(
    CloudFunctionOptions options, StagedDeployments staged, DeploymentStager stager, BuildFolders builds, WorkerSupervisor supervisor, ProjectLog log,
    RuntimeStopping stopping)
{
    /// <summary>What is live, as far as it is still there.</summary>
    /// <exception cref="IOException">What is recorded of it cannot be read, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public async Task<LiveRecord> ReadLiveAsync(string project)
    {
        var live = await staged.ReadLiveAsync(project, stopping.Token).ConfigureAwait(false);
        List<WeightedDeployment> found = [];
        foreach (var version in live.All)
        {
            if (await staged.FindAsync(project, version, stopping.Token).ConfigureAwait(false) is { } deployment)
            {
                found.Add(new WeightedDeployment(deployment, live.WeightOf(version)));
            }
        }

        return new LiveRecord(found, live.Folder);
    }

    /// <summary>What is live, checked whether it can run here now; never empty.</summary>
    /// <exception cref="DeploymentException">It cannot.</exception>
    /// <exception cref="ProjectException">Nothing is live.</exception>
    public async Task<IReadOnlyList<WeightedDeployment>> RecheckLiveAsync(string project)
    {
        List<WeightedDeployment> live = [];
        foreach (var each in (await ReadLiveAsync(project).ConfigureAwait(false)).Deployments)
        {
            live.Add(each with { Deployment = await stager.RecheckAsync(each.Deployment, stopping.Token).ConfigureAwait(false) });
        }

        return live.Count > 0
            ? live
            : throw new ProjectException(ProjectErrorCode.Conflict, $"The versions of project '{project}' are gone: deploy it.");
    }

    /// <summary>Certain versions, checked likewise, the one with the greatest part of the calls first.</summary>
    /// <exception cref="ProjectException">One is not there.</exception>
    /// <exception cref="DeploymentException">One cannot run here.</exception>
    public async Task<IReadOnlyList<WeightedDeployment>> RecheckAsync(string project, IReadOnlyDictionary<int, int> weights)
    {
        List<WeightedDeployment> chosen = [];
        foreach (var (version, weight) in weights.OrderByDescending(each => each.Value).ThenByDescending(each => each.Key))
        {
            var found = await staged.FindAsync(project, version, stopping.Token).ConfigureAwait(false)
                ?? throw await MissingAsync(project, version).ConfigureAwait(false);
            chosen.Add(new WeightedDeployment(await stager.RecheckAsync(found, stopping.Token).ConfigureAwait(false), weight));
        }

        return chosen;
    }

    /// <summary>Reads a folder as it is now: see <see cref="DeploymentStager.ReadFolderAsync"/>.</summary>
    public Task<FolderReading> ReadFolderAsync(string directory, FolderReading? last, CancellationToken cancellationToken) =>
        stager.ReadFolderAsync(directory, last, cancellationToken);

    /// <summary>Stages a folder: see <see cref="DeploymentStager.StageAsync"/>.</summary>
    public async Task<IReadOnlyList<WeightedDeployment>> StageAsync(
        string project, string directory, string source, CancellationToken cancellationToken) =>
        [new WeightedDeployment(await stager.StageAsync(project, directory, cancellationToken, source).ConfigureAwait(false), 100)];

    /// <summary>Makes versions the live ones, lastingly.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="live">The versions, the one with the greatest part of the calls first.</param>
    /// <param name="isFolder">Whether that one is what the project's folder holds.</param>
    /// <exception cref="IOException">The disk is full or fails; the earlier ones stay.</exception>
    public async Task<LiveRecord> SetLiveAsync(string project, IReadOnlyList<LiveDeployment> live, bool isFolder)
    {
        var first = live[0].Deployment;
        var traffic = live.Count == 1 ? null : live.ToDictionary(each => each.Deployment.Version, each => each.Weight);
        var folder = isFolder ? first.Manifest.Fingerprint : await staged.FindFolderAsync(project, stopping.Token).ConfigureAwait(false);
        await staged.SetLiveAsync(project, new LiveVersions(first.Version, traffic, folder), stopping.Token).ConfigureAwait(false);
        return new LiveRecord([.. live.Select(each => new WeightedDeployment(each.Deployment, each.Weight))], folder);
    }

    /// <summary>Removes the oldest versions beyond KEEP_VERSIONS that nothing runs.</summary>
    public async Task TrimAsync(string project, IReadOnlyList<LiveDeployment> live)
    {
        var inUse = supervisor.Workers.Select(w => w.Pool?.Deployment).OfType<Deployment>().Where(d => d.Project == project)
            .Concat(live.Select(each => each.Deployment));
        try
        {
            await staged.TrimAsync(project, options.KeepVersions, [.. inUse.Select(d => d.Version).Distinct()], stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.TrimFailed(project, e); // The next deployment tries again.
        }
    }

    /// <summary>Removes what copies that were cut short have left. Not while one runs.</summary>
    public Task SweepAsync(string project) => staged.SweepAsync(project, stopping.Token);

    /// <summary>What can be reported of the versions that are kept, newest first.</summary>
    public async Task<IReadOnlyList<VersionInfo>> DescribeAsync(string project, CancellationToken cancellationToken)
    {
        var live = await staged.ReadLiveAsync(project, cancellationToken).ConfigureAwait(false);
        var versions = await staged.ListAsync(project, cancellationToken).ConfigureAwait(false);
        return
        [
            .. versions.Where(each => each.Manifest.Functions is not null || each.Version == live.Version).Reverse()
                .Select(each => new VersionInfo(
                    each.Version, each.Manifest.CreatedAt, each.Version == live.Version, live.WeightOf(each.Version),
                    [.. (each.Manifest.Functions ?? []).Select(function => function.Name).Order(StringComparer.Ordinal)], each.Manifest.Source)),
        ];
    }

    /// <summary>Whether anything is kept of a project.</summary>
    public Task<bool> HasAnyAsync(string project) => staged.HasAnyAsync(project, stopping.Token);

    /// <summary>Removes all that is kept of a project.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public async Task RemoveAsync(string project)
    {
        await ForgetAsync(project).ConfigureAwait(false);
        RemoveFiles(project);
    }

    /// <summary>Does nothing where all that is kept of a project can be removed.</summary>
    /// <exception cref="IOException">The disk is read-only or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public void CheckRemovable(string project) => staged.CheckRemovable(project);

    /// <summary>Removes all that is recorded of a project's versions; their files stay, for workers that run still.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public Task ForgetAsync(string project) => staged.ForgetProjectAsync(project, stopping.Token);

    /// <summary>Removes the files of a project's versions, of which nothing is recorded any more, and what builds have left to save time.</summary>
    public void RemoveFiles(string project)
    {
        staged.RemoveFiles(project);
        builds.Remove(project);
    }

    /// <summary>Removes what the removal of projects' files has left that was cut short.</summary>
    public void SweepRemoved() => staged.SweepRemoved();

    /// <summary>Removes what is kept of projects that never served and are no more.</summary>
    public Task RemoveStraysAsync(IEnumerable<Project> projects) =>
        staged.RemoveStraysAsync(projects.Select(project => project.Name), stopping.Token);

    private async Task<ProjectException> MissingAsync(string project, int version)
    {
        var versions = await staged.ListAsync(project, stopping.Token).ConfigureAwait(false);
        return new ProjectException(
            ProjectErrorCode.VersionNotFound,
            $"Project '{project}' has no version {version}; it has {string.Join(", ", versions.Select(each => each.Version))}.")
        {
            Field = "version",
        };
    }
}
