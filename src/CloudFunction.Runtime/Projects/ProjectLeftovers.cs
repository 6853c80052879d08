using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;
using CloudFunction.Runtime.Projects.Uploads;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Projects;

/// <summary>Removes what projects have left that are gone: their builds, the schedules of the API that ran their functions, and in the end what is
/// in the trash. Nothing of a project that has a folder is touched.</summary>
internal sealed class ProjectLeftovers(
    CloudFunctionOptions options, ProjectCatalog projects, ProjectVersions versions, BuildFolders builds, ProjectSchedules schedules,
    NameLocks turns, TimeProvider time, ProjectLog log)
{
    /// <summary>Removes what is there; what cannot be removed now is logged, and tried again at the next call.</summary>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public async Task SweepAsync()
    {
        ProjectTrash.Sweep(options.DataDirectory, time, log.TrashStays);
        versions.SweepRemoved();
        builds.SweepRemoved();
        if (!Directory.EnumerateDirectories(options.ProjectsDirectory).Any())
        {
            return; // A disk that is not mounted, more likely than a host that has lost all of its projects.
        }

        foreach (var project in builds.ListProjects())
        {
            await ForGoneAsync(project, () =>
            {
                builds.Remove(project);
                return Task.CompletedTask;
            }).ConfigureAwait(false);
        }

        foreach (var project in schedules.ListProjectsOfApi())
        {
            await ForGoneAsync(project, () => ForgetSchedulesAsync(project)).ConfigureAwait(false);
        }
    }

    // Versions stay of a project whose folder went away by itself, for the case that it comes back: so do its schedules.
    private async Task ForgetSchedulesAsync(string project)
    {
        if (!await versions.HasAnyAsync(project).ConfigureAwait(false))
        {
            await schedules.ForgetAsync(project).ConfigureAwait(false);
        }
    }

    // In the project's turn: one that is being made is built before it is known.
    private async Task ForGoneAsync(string project, Func<Task> remove)
    {
        try
        {
            await turns.TryRunAsync(
                project,
                () => projects.Find(project) is null && ProjectDirectory.Find(options.ProjectsDirectory, project) is null
                    ? remove()
                    : Task.CompletedTask).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or TaskStoreException)
        {
            log.CleanUpFailed(project, exception.Message);
        }
    }
}
