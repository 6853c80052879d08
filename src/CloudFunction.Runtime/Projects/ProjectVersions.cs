using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects;

/// <summary>The staged versions of one project.</summary>
internal sealed class ProjectVersions(string project, ProjectServices services)
{
    /// <summary>The fingerprint of what was last deployed from the project's folder; null for nothing.</summary>
    public string? LastFolder => services.Deployments.ReadActive(project).Folder;

    /// <summary>What served last, as far as it is still there, the active version first.</summary>
    public IReadOnlyList<WeightedDeployment> FindLatest()
    {
        var active = services.Deployments.ReadActive(project);
        IEnumerable<int> versions = active.Traffic?.Keys ?? (active.Version is { } one ? [one] : []);
        return
        [
            .. versions.Select(version => services.Deployments.Find(project, version)).OfType<Deployment>()
                .Select(deployment => new WeightedDeployment(deployment, active.WeightOf(deployment.Version)))
                .OrderByDescending(each => each.Deployment.Version == active.Version),
        ];
    }

    /// <summary>The same, checked whether it can run here now; never empty.</summary>
    /// <exception cref="DeploymentException">It cannot.</exception>
    /// <exception cref="ProjectException">There is nothing that served before.</exception>
    public IReadOnlyList<WeightedDeployment> RecheckLatest() => FindLatest() is { Count: > 0 } latest
        ? [.. latest.Select(each => each with { Deployment = services.Stager.Recheck(each.Deployment) })]
        : throw new ProjectException(ProjectErrorCode.Conflict, $"The versions of project '{project}' are gone: deploy it.");

    /// <summary>One version, checked likewise.</summary>
    /// <exception cref="ProjectException">There is no such version.</exception>
    /// <exception cref="DeploymentException">It cannot run here.</exception>
    public Deployment Recheck(int version) => services.Deployments.Find(project, version) is { } found
        ? services.Stager.Recheck(found)
        : throw new ProjectException(
            ProjectErrorCode.VersionNotFound,
            $"Project '{project}' has no version {version}; it has {string.Join(", ", services.Deployments.List(project).Select(each => each.Version))}.")
        {
            Field = "version",
        };

    /// <summary>Makes versions the ones that serve, lastingly.</summary>
    /// <param name="serving">The versions, the active one first.</param>
    /// <param name="isFolder">Whether the active one is what the project's folder holds.</param>
    /// <exception cref="IOException">The disk is full or fails; the earlier ones stay.</exception>
    public void SetActive(IReadOnlyList<LiveDeployment> serving, bool isFolder)
    {
        var active = serving[0].Deployment;
        services.Deployments.SetActive(
            project,
            active.Version,
            serving.Count == 1 ? null : serving.ToDictionary(each => each.Deployment.Version, each => each.Weight),
            isFolder ? active.Manifest.Fingerprint : null);
    }

    /// <summary>Removes the oldest versions beyond KEEP_VERSIONS that nothing runs.</summary>
    public void Trim(IReadOnlyList<LiveDeployment> serving)
    {
        var inUse = services.Supervisor.Workers.Select(w => w.Pool?.Deployment).OfType<Deployment>().Where(d => d.Project == project)
            .Concat(serving.Select(each => each.Deployment));
        try
        {
            services.Deployments.Trim(project, services.Options.KeepVersions, [.. inUse.Select(d => d.Version).Distinct()]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ProjectLog.TrimFailed(services.Logger, project, e); // The next deployment tries again.
        }
    }
}
