using System.Collections.Frozen;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Routing;

/// <summary>Who serves what, as one immutable snapshot that is replaced whole. Thread safe.</summary>
internal sealed class RoutingTable
{
    private FrozenDictionary<string, ProjectRoute> _current = FrozenDictionary<string, ProjectRoute>.Empty;

    /// <summary>The present snapshot, by project.</summary>
    public FrozenDictionary<string, ProjectRoute> Current => Volatile.Read(ref _current);

    /// <summary>Replaces it.</summary>
    public void Publish(IEnumerable<KeyValuePair<string, ProjectRoute>> routes) =>
        Volatile.Write(ref _current, routes.ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>Finds who takes a call of a function now.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="projectRoute">The project; null where there is none.</param>
    /// <param name="route">The function; null where there is none, or that is not known before its project serves.</param>
    /// <param name="preferred">Who was chosen for this call before it waited, and is chosen again where it still serves.</param>
    /// <returns>Why there is nobody; null where there is, or may be once the project serves.</returns>
    public Rejection? Find(
        string project, string function, out ProjectRoute? projectRoute, out FunctionRoute? route, FunctionRoute? preferred = null)
    {
        route = null;
        if (!Current.TryGetValue(project, out projectRoute))
        {
            return ProjectNotFound(project);
        }

        if (projectRoute.Functions is null)
        {
            return null;
        }

        route = projectRoute.Find(function, preferred);
        if (route is not null)
        {
            // The gate is open for the other version, which has no such function.
            return projectRoute.Split is not null ? route.Pool.Unhealthy : null;
        }

        return projectRoute.Disabled.Contains(function)
            ? new Rejection(
                RejectionReason.FunctionDisabled,
                $"Function '{function}' of project '{project}' is disabled. "
                + $"Deploy it to enable it: POST /api/v1/functions/{project}/{function}/deploy.")
            : new Rejection(RejectionReason.FunctionNotFound, $"Project '{project}' has no function '{function}'.");
    }

    /// <summary>Why a call is turned away that had found its function before it waited.</summary>
    public Rejection FindGone(string project, string function) => Find(project, function, out _, out _) ?? ProjectNotFound(project);

    private static Rejection ProjectNotFound(string project) => new(RejectionReason.ProjectNotFound, $"There is no project '{project}'.");
}
