using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects;

/// <summary>Puts together what can be said of a project.</summary>
internal static class ProjectDescription
{
    public static ProjectInfo Of(
        ProjectCandidate folder, Func<ProjectStatus> readStatus, ProjectServing serving, ProjectVersions versions, string? lastError, ProjectCounters counters, ProjectServices services)
    {
        var status = readStatus();
        var live = serving.Live; // After the status: what serves is there before its status says so.
        if (live.Count == 0 && status == ProjectStatus.Running)
        {
            status = readStatus(); // It has just been stopped.
        }

        IReadOnlyList<DeploymentManifest> manifests = live.Count > 0
            ? [.. live.Select(each => each.Deployment.Manifest)]
            : [.. versions.Live.Take(1).Select(each => each.Deployment.Manifest)];
        return new ProjectInfo(
            folder.Name,
            status,
            live.Count > 0 ? live[0].Deployment.Version : null,
            FunctionsOf(folder.Name, manifests, counters, services.Decisions),
            EnvironmentKeys(folder),
            manifests.Count > 0 ? manifests[0].Contents.Dependencies : [],
            [.. services.Supervisor.Workers.Where(w => w.Pool?.Deployment.Project == folder.Name).OrderBy(w => w.StartedAt).Select(w => w.Describe())],
            serving.Unhealthy ?? lastError ?? live.Select(each => each.Pool.LastError).FirstOrDefault(error => error is not null),
            counters.CreatedAt,
            counters.UpdatedAt);
    }

    // Of a function that two live versions have, the one with the greater part of the calls is shown.
    private static IReadOnlyList<FunctionInfo> FunctionsOf(
        string project, IReadOnlyList<DeploymentManifest> manifests, ProjectCounters counters, ProjectDecisions decisions) =>
    [
        .. manifests.SelectMany(manifest => manifest.Functions ?? [], (manifest, function) => (Manifest: manifest, Function: function))
            .DistinctBy(each => each.Function.Name, StringComparer.Ordinal)
            .OrderBy(each => each.Function.Name, StringComparer.Ordinal)
            .Select(each => Of(
                each.Function, each.Manifest, counters.GetFunction(each.Function.Name), decisions.IsDisabled(project, each.Function.Name))),
    ];

    private static FunctionInfo Of(DeployedFunction f, DeploymentManifest manifest, FunctionCounters counters, bool isDisabled) => new(
        f.Name, f.Description, f.Parameters, f.Response, counters.CreatedAt, manifest.CreatedAt, counters.LastExecuted, counters.ExecutionCount,
        isDisabled);

    private static IReadOnlyList<string> EnvironmentKeys(ProjectCandidate folder)
    {
        try
        {
            return [.. ProjectEnvironment.ReadOverlay(folder.Directory).Values.Keys];
        }
        catch (DotEnvException)
        {
            return []; // The next start will say what is wrong with it.
        }
    }
}
