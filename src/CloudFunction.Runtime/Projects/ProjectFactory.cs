namespace CloudFunction.Runtime.Projects;

/// <summary>Makes projects of folders.</summary>
internal sealed class ProjectFactory(
    LiveDeploymentsFactory deployments, ProjectVersions versions, ProjectRollout rollout, ProjectSchedules schedules, ProjectDecisions decisions,
    ProjectCatalog projects, ProjectDescriber describer, VariablesReader variables, ProjectLog log, RuntimeStopping stopping)
{
    /// <summary>Makes a project, with what an earlier host has kept of it. It is in the catalog once something is live, or it is added
    /// there.</summary>
    public async Task<Project> OpenAsync(ProjectCandidate found)
    {
        var project = new Project(
            new ProjectFolder(found, versions, variables, log), deployments.Make(found.Name), versions, rollout, schedules, decisions, projects,
            describer, log, stopping);
        await project.OpenAsync().ConfigureAwait(false);
        return project;
    }
}
