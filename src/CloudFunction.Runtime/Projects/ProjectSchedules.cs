using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Projects;

/// <summary>The schedules on the functions of live deployments. Thread safe.</summary>
internal sealed class ProjectSchedules(
    Scheduler scheduler, CloudFunctionOptions options, ProjectDecisions decisions, ProjectLog log, RuntimeStopping stopping)
{
    // The setting itself is checked when it is read.
    private const string AnyTimeZone = "UTC";

    /// <summary>Checks that all schedules on functions are right.</summary>
    /// <exception cref="DeploymentException">One is not.</exception>
    public static void Check(string project, IReadOnlyList<DeployedFunction> functions)
    {
        var problems = new List<string>();
        FunctionSchedules.Read(project, functions, AnyTimeZone, problems);
        if (problems.Count > 0)
        {
            throw new DeploymentException(DeploymentErrorCode.Invalid, string.Join(' ', problems));
        }
    }

    /// <summary>The schedules on the functions of deployments, of which the first has the greatest part of the calls. What is wrong with one is
    /// logged: it was right when it was deployed.</summary>
    public IReadOnlyList<ScheduleDefinition> Read(string project, IEnumerable<Deployment> deployments)
    {
        var functions = deployments.SelectMany(each => each.Manifest.Functions ?? []).DistinctBy(function => function.Name, StringComparer.Ordinal);
        var problems = new List<string>();
        var schedules = FunctionSchedules.Read(project, functions, options.SchedulerTimeZone, problems);
        foreach (var problem in problems)
        {
            log.ScheduleWrong(project, problem);
        }

        return [.. schedules.Select(each => each with { IsEnabled = !decisions.IsDisabled(project, each.Target.Function) })];
    }

    /// <summary>Keeps the schedules of these deployments, and no others of the project's functions.</summary>
    public Task SetAsync(string project, IEnumerable<Deployment> deployments) =>
        scheduler.SetAsync(ScheduleSource.Function, project, Read(project, deployments), stopping.Token);

    /// <summary>The projects that schedules of the API run functions of, whether there are such projects or not.</summary>
    public IReadOnlyCollection<string> ListProjectsOfApi() => scheduler.ListProjectsOfApi();

    /// <summary>Deletes the schedules of the API of a project that is no more.</summary>
    /// <exception cref="TaskStoreException">One of them cannot be deleted now.</exception>
    public Task ForgetAsync(string project) => scheduler.ForgetAsync(project, stopping.Token);

    /// <summary>Keeps those of all projects when the host starts, which forgets those of projects that are gone.</summary>
    public Task SetAllAsync(IEnumerable<Project> projects, CancellationToken cancellationToken) => scheduler.SetAsync(
        ScheduleSource.Function,
        null,
        [.. projects.SelectMany(project => Read(project.Name, project.Record.Deployments.Select(each => each.Deployment)))],
        cancellationToken);
}
