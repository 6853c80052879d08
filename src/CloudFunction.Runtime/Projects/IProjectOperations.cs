using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects;

/// <summary>
/// What an operator can do with projects. Operations on one project come one after the other. Each that fails throws and has changed nothing; what
/// served goes on serving. A deploy, a change of what serves and one of variables end with their caller: until the new workers are about to serve,
/// cancelling stops the work and leaves everything as it was; from there it goes on to its end. What else has begun goes on, and its caller only
/// stops waiting. Thread safe.
/// </summary>
/// <remarks>
/// What every one of them may throw: <see cref="ProjectException"/> (its code says what is wrong, a project that is not there included),
/// <see cref="DeploymentException"/> (there is nothing that could serve) and <see cref="DotEnvException"/> (a <c>.env</c> is wrong).
/// </remarks>
internal interface IProjectOperations
{
    /// <summary>Starts a stopped project, or tries a failed or unhealthy one anew; one that runs is left alone. Returns once it serves.</summary>
    Task<ProjectInfo> StartAsync(string project, CancellationToken cancellationToken);

    /// <summary>Stops a project: it takes no calls, those running may finish within TIMEOUT_GRACEFUL_SHUTDOWN, its workers end.
    /// It stays stopped over restarts of the host, until it is started or deployed.</summary>
    Task<ProjectInfo> StopAsync(string project, CancellationToken cancellationToken);

    /// <summary>Replaces a project's workers by new ones with no gap, or starts it.</summary>
    Task<ProjectInfo> RestartAsync(string project, CancellationToken cancellationToken);

    /// <summary>Drains a project and removes it: its folder goes to the trash below DATA_DIR, its versions are deleted; logs and data stay.</summary>
    Task DeleteAsync(string project, CancellationToken cancellationToken);

    /// <summary>Deploys the content of the project's folder. Returns once that serves.</summary>
    Task<DeployResult> DeployAsync(string project, CancellationToken cancellationToken);

    /// <summary>Deploys a zip archive, which takes the place of the project's folder (its <c>.env</c> stays, unless the archive has one), or makes
    /// the project where there is none. Returns once that serves.</summary>
    /// <param name="project">Its name; valid.</param>
    /// <param name="archive">The archive, read to its end or until it has more than MAX_UPLOAD_BYTES.</param>
    /// <param name="cancellationToken">Ends the reading, and what follows it.</param>
    /// <exception cref="IOException">The archive cannot be read to its end, or the disk is full.</exception>
    Task<DeployResult> UploadAsync(string project, Stream archive, CancellationToken cancellationToken);

    /// <summary>Adds one function as source code to a project, or replaces it, and deploys; makes the project where there is none.</summary>
    Task<DeployResult> DeployFunctionAsync(string project, FunctionUpload function, CancellationToken cancellationToken);

    /// <summary>Deploys the content of the project's folder as <see cref="DeployAsync"/> does; the function must be there then, and is
    /// enabled.</summary>
    Task<DeployResult> RedeployFunctionAsync(string project, string function, CancellationToken cancellationToken);

    /// <summary>Removes a function: one with a <c>.cs</c> file of its own by deploying the folder without it, any other by disabling it.</summary>
    /// <returns>The deployment without it, or null where it was disabled.</returns>
    Task<DeployResult?> DeleteFunctionAsync(string project, string function, CancellationToken cancellationToken);

    /// <summary>The versions that are kept, newest first.</summary>
    Task<IReadOnlyList<VersionInfo>> GetVersionsAsync(string project, CancellationToken cancellationToken);

    /// <summary>Makes an earlier version serve, or where <paramref name="version"/> is null the one before the one that serves; the folder
    /// stays as it is, and is deployed again only once it changes.</summary>
    Task<DeployResult> RollbackAsync(string project, int? version, CancellationToken cancellationToken);

    /// <summary>Divides a project's calls between one or two versions, by weights above 0, call by call. The version with the highest one
    /// counts as active.</summary>
    /// <returns>All versions, as <see cref="GetVersionsAsync"/>.</returns>
    Task<IReadOnlyList<VersionInfo>> SetTrafficAsync(string project, IReadOnlyDictionary<int, int> weights, CancellationToken cancellationToken);

    /// <summary>Changes variables in a project's <c>.env</c>, where null removes one, and swaps its workers, if it runs.</summary>
    /// <returns>The names that are in the file now, in its order.</returns>
    Task<IReadOnlyList<string>> SetEnvironmentAsync(
        string project, IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken);

    /// <summary>Changes variables in the <c>.env</c> at the content root, where null removes one, and swaps the workers of all projects
    /// that run, where the change reaches them.</summary>
    /// <returns>Which of the changed names are the host's own settings, and so are in force only once it is started again.</returns>
    Task<IReadOnlyList<string>> SetSystemEnvironmentAsync(IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken);

    /// <summary>What the <c>requirements.txt</c> at the content root asks of every source project, then the host's own direct packages, each as
    /// <c>Name>=1.2</c>
    /// or <c>Name==1.2.3</c>.</summary>
    IReadOnlyList<string> GetSystemDependencies();
}
