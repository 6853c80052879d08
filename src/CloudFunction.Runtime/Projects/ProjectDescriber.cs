using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>Puts together what can be reported of a project. Thread safe.</summary>
internal sealed class ProjectDescriber(WorkerSupervisor supervisor, ProjectDecisions decisions, ProjectCounterStore counters)
{
    /// <summary>Describes a project. <paramref name="error"/> is why it is unhealthy, or why the last change of it failed; null for
    /// neither.</summary>
    public ProjectInfo Describe(Project project, string? error)
    {
        var status = project.Status;
        var live = project.Live; // After the status: what is live is there before its status shows it.
        if (live.Count == 0 && status == ProjectStatus.Running)
        {
            status = project.Status; // It has just been stopped.
        }

        IReadOnlyList<DeploymentManifest> manifests = live.Count > 0
            ? [.. live.Select(each => each.Deployment.Manifest)]
            : [.. project.Record.Deployments.Take(1).Select(each => each.Deployment.Manifest)];
        var counted = counters.GetOrAdd(project.Name);
        return new ProjectInfo(
            project.Name,
            status,
            live.Count > 0 ? live[0].Deployment.Version : null,
            FunctionsOf(project.Name, manifests, counted),
            EnvironmentKeys(project.Directory),
            manifests.Count > 0 ? manifests[0].Contents.Dependencies : [],
            [.. supervisor.Workers.Where(w => w.Pool?.Deployment.Project == project.Name).OrderBy(w => w.StartedAt).Select(w => w.Describe())],
            error ?? live.Select(each => each.Pool.LastError).FirstOrDefault(lost => lost is not null),
            counted.CreatedAt,
            counted.UpdatedAt);
    }

    // Of a function that two live versions have, the one with the greater part of the calls is shown.
    private IReadOnlyList<FunctionInfo> FunctionsOf(string project, IReadOnlyList<DeploymentManifest> manifests, ProjectCounters counted) =>
    [
        .. manifests.SelectMany(manifest => manifest.Functions ?? [], (manifest, function) => (Manifest: manifest, Function: function))
            .DistinctBy(each => each.Function.Name, StringComparer.Ordinal)
            .OrderBy(each => each.Function.Name, StringComparer.Ordinal)
            .Select(each => Of(
                each.Function, each.Manifest, counted.GetFunction(each.Function.Name), decisions.IsDisabled(project, each.Function.Name))),
    ];

    private static FunctionInfo Of(DeployedFunction f, DeploymentManifest manifest, FunctionCounters counters, bool isDisabled) => new(
        f.Name, f.Description, f.Parameters, f.Response, counters.CreatedAt, manifest.CreatedAt, counters.LastExecuted, counters.ExecutionCount,
        isDisabled);

    private static IReadOnlyList<string> EnvironmentKeys(string folder)
    {
        try
        {
            return [.. ProjectEnvironment.ReadOverlay(folder).Values.Keys];
        }
        catch (DotEnvException)
        {
            return []; // The next start reports what is wrong with it.
        }
    }
}
