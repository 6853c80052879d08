using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>Makes projects of folders.</summary>
internal sealed class ProjectFactory(
    CloudFunctionOptions options, GateLimits limits, DeadlineSweep sweep, WorkerSupervisor supervisor, ProjectVersions versions,
    DeploymentLoader loader, ProjectSchedules schedules, ProjectDecisions decisions, ProjectCounterStore counters, ProjectCatalog projects,
    ProjectDescriber describer, ProjectLog log, TimeProvider time, RuntimeStopping stopping)
{
    /// <summary>Makes a project, with what an earlier host has kept of it. It is in the catalog once something is live, or it is added
    /// there.</summary>
    public async Task<Project> OpenAsync(ProjectCandidate found)
    {
        var folder = new ProjectFolder(found, versions);
        var deployments = new LiveDeployments(found.Name, limits, sweep, supervisor, decisions, projects);
        var project = new Project(
            folder, deployments, versions, loader, schedules, decisions, counters, projects, describer, options, log, time, stopping);
        await project.OpenAsync().ConfigureAwait(false);
        return project;
    }
}
