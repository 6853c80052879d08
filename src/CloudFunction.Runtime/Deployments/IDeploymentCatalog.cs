namespace CloudFunction.Runtime.Deployments;

/// <summary>
/// What is known of the versions of all projects: their manifests, and which of them are live. Where a version's files are is not its concern
/// (<see cref="DeploymentFiles"/>). What a method has done is kept over restarts once its task has ended. Thread safe; of one project's versions only
/// one writer changes something at a time.
/// </summary>
/// <remarks>What every method may throw: <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>, where nothing can be read or
/// written at this moment; then nothing has changed. <see cref="DamagedRecordException"/> is one: what was recorded is lost, and what is recorded
/// anew by <see cref="ReserveVersionAsync"/>, <see cref="SaveAsync"/> and <see cref="SetLiveAsync"/> takes its place.</remarks>
internal interface IDeploymentCatalog
{
    /// <summary>The projects of which anything is kept, in no order.</summary>
    Task<IReadOnlyCollection<string>> ListProjectsAsync(CancellationToken cancellationToken);

    /// <summary>The numbers of the versions of a project, lowest first; those whose manifest cannot be read are among them.</summary>
    Task<IReadOnlyList<int>> ListVersionsAsync(string project, CancellationToken cancellationToken);

    /// <summary>The manifest of one version; null where there is no such version.</summary>
    Task<DeploymentManifest?> FindAsync(string project, int version, CancellationToken cancellationToken);

    /// <summary>A number for the next version: higher than all that were ever given to versions of the project, until the project is removed, and
    /// another one at each call.</summary>
    Task<int> ReserveVersionAsync(string project, CancellationToken cancellationToken);

    /// <summary>Adds a version, or replaces the manifest of one.</summary>
    Task SaveAsync(string project, DeploymentManifest manifest, CancellationToken cancellationToken);

    /// <summary>Removes a version if it is there; it is no longer live, and its number is not reserved again.</summary>
    Task RemoveAsync(string project, int version, CancellationToken cancellationToken);

    /// <summary>Which versions are live; <see cref="LiveVersions.None"/> where none has ever been.</summary>
    Task<LiveVersions> ReadLiveAsync(string project, CancellationToken cancellationToken);

    /// <summary>Makes versions the live ones.</summary>
    Task SetLiveAsync(string project, LiveVersions live, CancellationToken cancellationToken);

    /// <summary>Removes all that is kept of a project.</summary>
    Task RemoveProjectAsync(string project, CancellationToken cancellationToken);
}
