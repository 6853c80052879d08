using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>Makes the place of a project's live deployments, between the host's calls and its workers.</summary>
internal sealed class LiveDeploymentsFactory(
    CloudFunctionOptions options, GateLimits limits, DeadlineSweep sweep, WorkerSupervisor supervisor, ProjectDecisions decisions,
    ProjectCatalog projects)
{
    /// <summary>Makes that of a project, with nothing live.</summary>
    public LiveDeployments Make(string project) =>
        new(project, limits, options.GracefulShutdownTimeout, sweep, supervisor, decisions, projects);
}
