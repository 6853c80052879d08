using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The versions that this host can run: those in the catalog whose files are here. Keeps both in step: a version's files are there before
/// the catalog has it, and go after it has gone from there. Reads may run at any time; one writer per project.</summary>
internal sealed partial class StagedDeployments(IDeploymentCatalog catalog, DeploymentFiles files, ILogger<StagedDeployments> logger)
{
    /// <summary>The versions that can be run, lowest first. One whose record is damaged is skipped, which is logged.</summary>
    public async Task<IReadOnlyList<Deployment>> ListAsync(string project, CancellationToken cancellationToken)
    {
        List<Deployment> found = [];
        foreach (var version in await catalog.ListVersionsAsync(project, cancellationToken).ConfigureAwait(false))
        {
            if (await FindWholeAsync(project, version, cancellationToken).ConfigureAwait(false) is { } deployment)
            {
                found.Add(deployment);
            }
        }

        return found;
    }

    /// <summary>One version, or null where there is none that can be run.</summary>
    /// <exception cref="IOException">What is recorded of it cannot be read, or is damaged.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public async Task<Deployment?> FindAsync(string project, int version, CancellationToken cancellationToken) =>
        await catalog.FindAsync(project, version, cancellationToken).ConfigureAwait(false) is { } manifest ? files.Find(project, manifest) : null;

    /// <summary>The version with the highest number, or null; those whose record is damaged are skipped.</summary>
    public async Task<Deployment?> FindNewestAsync(string project, CancellationToken cancellationToken)
    {
        foreach (var version in Enumerable.Reverse(await catalog.ListVersionsAsync(project, cancellationToken).ConfigureAwait(false)))
        {
            if (await FindWholeAsync(project, version, cancellationToken).ConfigureAwait(false) is { } deployment)
            {
                return deployment;
            }
        }

        return null;
    }

    /// <summary>Whether anything is kept of a project.</summary>
    public async Task<bool> HasAnyAsync(string project, CancellationToken cancellationToken) =>
        files.Has(project)
        || await catalog.ReadLiveAsync(project, cancellationToken).ConfigureAwait(false) != LiveVersions.None
        || (await catalog.ListVersionsAsync(project, cancellationToken).ConfigureAwait(false)).Count > 0;

    /// <inheritdoc cref="IDeploymentCatalog.ReadLiveAsync"/>
    public Task<LiveVersions> ReadLiveAsync(string project, CancellationToken cancellationToken) => catalog.ReadLiveAsync(project, cancellationToken);

    /// <summary>The fingerprint of what was last deployed from the project's folder; null for nothing. Where the record of that is damaged, it is the
    /// newest version's that has been validated: versions are made of what the folder holds.</summary>
    public async Task<string?> FindFolderAsync(string project, CancellationToken cancellationToken)
    {
        try
        {
            return (await catalog.ReadLiveAsync(project, cancellationToken).ConfigureAwait(false)).Folder;
        }
        catch (DamagedRecordException)
        {
            var versions = await ListAsync(project, cancellationToken).ConfigureAwait(false);
            return versions.LastOrDefault(each => each.Manifest.Functions is not null)?.Manifest.Fingerprint;
        }
    }

    /// <summary>Does nothing where what is kept of a project can be removed.</summary>
    /// <exception cref="IOException">The disk is read-only or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public void CheckRemovable(string project) => files.CheckRemovable(project);

    /// <inheritdoc cref="IDeploymentCatalog.SetLiveAsync"/>
    public async Task SetLiveAsync(string project, LiveVersions live, CancellationToken cancellationToken)
    {
        try
        {
            await catalog.SetLiveAsync(project, live, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var kept = await catalog.ReadLiveAsync(project, cancellationToken).ConfigureAwait(false);
            if (kept != live with { Folder = kept.Folder })
            {
                throw;
            }

            // What serves is recorded. That the folder is what was deployed is found again at the next start, by comparing.
            LogNotRecorded(exception, project);
        }
    }

    /// <summary>An empty folder for <see cref="AddAsync"/>, to be removed by <see cref="Discard"/> where it is not taken.</summary>
    public string CreateTemporaryDirectory(string project) => files.CreateTemporaryDirectory(project);

    /// <summary>Removes such a folder if it is still there, or another one that is no version's.</summary>
    public void Discard(string directory) => files.Delete(directory);

    /// <summary>Makes a filled temporary folder the next version.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="temporary">The folder.</param>
    /// <param name="described">What is recorded of it; its number is given to it here.</param>
    /// <param name="cancellationToken">Leaves no version.</param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public async Task<Deployment> AddAsync(string project, string temporary, DeploymentManifest described, CancellationToken cancellationToken)
    {
        var version = await catalog.ReserveVersionAsync(project, cancellationToken).ConfigureAwait(false);
        var deployment = files.Place(project, temporary, described with { Version = version });
        await catalog.SaveAsync(project, deployment.Manifest, cancellationToken).ConfigureAwait(false);
        return deployment;
    }

    /// <summary>Records what a worker found in a version, which so has been validated.</summary>
    /// <exception cref="IOException">The disk is full or fails; the record stays as it was.</exception>
    public async Task<Deployment> SetFunctionsAsync(
        Deployment deployment, IReadOnlyList<DeployedFunction> functions, CancellationToken cancellationToken)
    {
        var changed = deployment with { Manifest = deployment.Manifest with { Functions = functions } };
        await catalog.SaveAsync(changed.Project, changed.Manifest, cancellationToken).ConfigureAwait(false);
        return changed;
    }

    /// <summary>Records what was found in a version's files now, where that differs: the platform beneath may have changed since it was
    /// staged. A record that cannot be kept is made again at the next start, and the version runs all the same.</summary>
    /// <exception cref="IOException">The files that the version is started with cannot be written: the disk is full or fails.</exception>
    public async Task<Deployment> SetContentsAsync(Deployment deployment, DeploymentContents contents, CancellationToken cancellationToken)
    {
        var known = deployment.Manifest.Contents;
        var isKnown = contents with { Dependencies = known.Dependencies, FrameworkOverrides = known.FrameworkOverrides } == known
            && contents.Dependencies.SequenceEqual(known.Dependencies)
            && (contents.FrameworkOverrides ?? []).SequenceEqual(known.FrameworkOverrides ?? []);
        if (isKnown && LaunchFiles.Exist(deployment))
        {
            return deployment;
        }

        var changed = deployment with { Manifest = deployment.Manifest with { Contents = contents } };
        LaunchFiles.Write(changed);
        try
        {
            await catalog.SaveAsync(changed.Project, changed.Manifest, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogContentsNotRecorded(exception, changed.Project, changed.Version);
        }

        return changed;
    }

    /// <summary>Removes the oldest versions beyond a number.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="keep">KEEP_VERSIONS: how many stay.</param>
    /// <param name="inUse">Versions that still run and so stay too, as live ones do.</param>
    /// <param name="cancellationToken">Ends it between two versions.</param>
    /// <returns>How many were removed.</returns>
    public async Task<int> TrimAsync(string project, int keep, IReadOnlyCollection<int> inUse, CancellationToken cancellationToken)
    {
        var versions = await catalog.ListVersionsAsync(project, cancellationToken).ConfigureAwait(false);
        var live = await catalog.ReadLiveAsync(project, cancellationToken).ConfigureAwait(false);
        var removed = 0;
        foreach (var version in versions.Take(Math.Max(0, versions.Count - keep)))
        {
            if (!live.All.Contains(version) && !inUse.Contains(version))
            {
                await RemoveAsync(project, version, cancellationToken).ConfigureAwait(false);
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Removes one version, live or not. Its number is not given out again.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public async Task RemoveAsync(string project, int version, CancellationToken cancellationToken)
    {
        await catalog.RemoveAsync(project, version, cancellationToken).ConfigureAwait(false);
        files.Remove(project, version);
        LogRemoved(project, version);
    }

    /// <summary>Removes all versions of a project.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public async Task RemoveProjectAsync(string project, CancellationToken cancellationToken)
    {
        await ForgetProjectAsync(project, cancellationToken).ConfigureAwait(false);
        RemoveFiles(project);
    }

    /// <summary>Removes all that is recorded of a project; its files stay, for workers that run still.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public Task ForgetProjectAsync(string project, CancellationToken cancellationToken) => catalog.RemoveProjectAsync(project, cancellationToken);

    /// <summary>Removes the files of a project of which nothing is recorded any more, and what earlier removals have left.</summary>
    public void RemoveFiles(string project) => files.RemoveProject(project);

    /// <summary>Removes what the removal of a project's files has left that was cut short.</summary>
    public void SweepRemoved() => files.SweepRemoved();

    /// <summary>Removes what is kept of projects that never served and are no more: of one that was uploaded first when the host was
    /// killed.</summary>
    /// <param name="projects">Those that there are.</param>
    /// <param name="cancellationToken">Ends it between two projects.</param>
    public async Task RemoveStraysAsync(IEnumerable<string> projects, CancellationToken cancellationToken)
    {
        var known = projects.ToHashSet(StringComparer.Ordinal);
        var kept = await catalog.ListProjectsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var project in kept.Union(files.ListProjects(), StringComparer.Ordinal).Where(project => !known.Contains(project)))
        {
            try
            {
                if (await catalog.ReadLiveAsync(project, cancellationToken).ConfigureAwait(false) == LiveVersions.None)
                {
                    await RemoveProjectAsync(project, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogStrayStays(exception, project);
            }
        }
    }

    /// <summary>Removes what a copy that was cut short has left. Not while one runs.</summary>
    public async Task SweepAsync(string project, CancellationToken cancellationToken) =>
        files.Sweep(project, [.. await catalog.ListVersionsAsync(project, cancellationToken).ConfigureAwait(false)]);

    private async Task<Deployment?> FindWholeAsync(string project, int version, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(project, version, cancellationToken).ConfigureAwait(false);
        }
        catch (DamagedRecordException exception)
        {
            LogDamaged(project, version, exception.Message);
            return null;
        }
    }
}
