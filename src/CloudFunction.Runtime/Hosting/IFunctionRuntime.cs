using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Hosting;

/// <summary>The runtime as its front end uses it. Thread safe.</summary>
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
}
