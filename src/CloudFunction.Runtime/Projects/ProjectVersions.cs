using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects;

/// <summary>The staged versions of one project.</summary>
internal sealed class ProjectVersions(string project, ProjectServices services)
{
    private volatile IReadOnlyList<WeightedDeployment> _live = [];

    /// <summary>What is live, as far as it is still there, the version with the greatest part of the calls first; as it was last read or set.</summary>
    public IReadOnlyList<WeightedDeployment> Live => _live;

    /// <summary>The fingerprint of what was last deployed from the project's folder, as it was last read or set; null for nothing.</summary>
    public string? LastFolder { get; private set; }

    /// <summary>Reads what is live.</summary>
    public async Task ReadAsync()
    {
        var live = await services.Deployments.ReadLiveAsync(project, services.Stopping).ConfigureAwait(false);
        List<WeightedDeployment> found = [];
        foreach (var version in live.All)
        {
            if (await services.Deployments.FindAsync(project, version, services.Stopping).ConfigureAwait(false) is { } deployment)
            {
                found.Add(new WeightedDeployment(deployment, live.WeightOf(version)));
            }
        }

        (LastFolder, _live) = (live.Folder, found);
    }

    /// <summary>What is live, read anew and checked whether it can run here now; never empty.</summary>
    /// <exception cref="DeploymentException">It cannot.</exception>
    /// <exception cref="ProjectException">There is nothing that served before.</exception>
    public async Task<IReadOnlyList<WeightedDeployment>> RecheckLiveAsync()
    {
        await ReadAsync().ConfigureAwait(false);
        List<WeightedDeployment> live = [];
        foreach (var each in Live)
        {
            live.Add(each with { Deployment = await services.Stager.RecheckAsync(each.Deployment, services.Stopping).ConfigureAwait(false) });
        }

        return live.Count > 0 ? live : throw new ProjectException(ProjectErrorCode.Conflict, $"The versions of project '{project}' are gone: deploy it.");
    }

    /// <summary>One version, checked likewise.</summary>
    /// <exception cref="ProjectException">There is no such version.</exception>
    /// <exception cref="DeploymentException">It cannot run here.</exception>
    public async Task<Deployment> RecheckAsync(int version)
    {
        if (await services.Deployments.FindAsync(project, version, services.Stopping).ConfigureAwait(false) is { } found)
        {
            return await services.Stager.RecheckAsync(found, services.Stopping).ConfigureAwait(false);
        }

        var versions = await services.Deployments.ListAsync(project, services.Stopping).ConfigureAwait(false);
        throw new ProjectException(
            ProjectErrorCode.VersionNotFound,
            $"Project '{project}' has no version {version}; it has {string.Join(", ", versions.Select(each => each.Version))}.")
        {
            Field = "version",
        };
    }

    /// <summary>Makes versions the live ones, lastingly.</summary>
    /// <param name="serving">The versions, the one with the greatest part of the calls first.</param>
    /// <param name="isFolder">Whether that one is what the project's folder holds.</param>
    /// <exception cref="IOException">The disk is full or fails; the earlier ones stay.</exception>
    public async Task SetLiveAsync(IReadOnlyList<LiveDeployment> serving, bool isFolder)
    {
        var first = serving[0].Deployment;
        var before = await services.Deployments.ReadLiveAsync(project, services.Stopping).ConfigureAwait(false);
        var traffic = serving.Count == 1 ? null : serving.ToDictionary(each => each.Deployment.Version, each => each.Weight);
        var folder = isFolder ? first.Manifest.Fingerprint : before.Folder;
        await services.Deployments.SetLiveAsync(project, new LiveVersions(first.Version, traffic, folder), services.Stopping).ConfigureAwait(false);
        (LastFolder, _live) = (folder, [.. serving.Select(each => new WeightedDeployment(each.Deployment, each.Weight))]);
    }

    /// <summary>Removes the oldest versions beyond KEEP_VERSIONS that nothing runs.</summary>
    public async Task TrimAsync(IReadOnlyList<LiveDeployment> serving)
    {
        var inUse = services.Supervisor.Workers.Select(w => w.Pool?.Deployment).OfType<Deployment>().Where(d => d.Project == project)
            .Concat(serving.Select(each => each.Deployment));
        try
        {
            await services.Deployments.TrimAsync(
                project, services.Options.KeepVersions, [.. inUse.Select(d => d.Version).Distinct()], services.Stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ProjectLog.TrimFailed(services.Logger, project, e); // The next deployment tries again.
        }
    }
}
