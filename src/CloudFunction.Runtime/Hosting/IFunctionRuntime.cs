using CloudFunction.Runtime.Diagnostics;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Hosting;

/// <summary>The runtime as its front end sees it. Thread safe.</summary>
internal interface IFunctionRuntime
{
    /// <summary>The product's version.</summary>
    string Version { get; }

    /// <summary>The host's and its workers' state.</summary>
    RuntimeStatus GetStatus();

    /// <summary>Why the host cannot serve now; empty when it can. One unhealthy project is no reason.</summary>
    IReadOnlyList<string> GetUnreadyReasons();

    /// <summary>All projects, by name.</summary>
    IReadOnlyList<ProjectInfo> GetProjects();

    /// <summary>One project, or null.</summary>
    ProjectInfo? FindProject(string name);

    /// <summary>Starts a stopped project, or tries a failed or unhealthy one anew; one that runs is left alone.
    /// Returns once it serves or it is known why it does not; null where there is no such project.</summary>
    Task<ProjectOperation?> StartProjectAsync(string name, CancellationToken cancellationToken);

    /// <summary>Stops a project: it takes no calls, those running may finish within TIMEOUT_GRACEFUL_SHUTDOWN, its workers end.
    /// It stays stopped over restarts of the host. Null where there is no such project.</summary>
    Task<ProjectOperation?> StopProjectAsync(string name, CancellationToken cancellationToken);

    /// <summary>Replaces a project's workers by new ones with no gap, or starts a stopped project. Null where there is no such project.</summary>
    Task<ProjectOperation?> RestartProjectAsync(string name, CancellationToken cancellationToken);
}
