using CloudFunction.Runtime.Routing;

namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>
/// Decides for whose tasks places are reserved: for one of each project in turn, and of a project for one of each function in turn, those
/// with the oldest tasks first. So no project and no function waits for another that has more. For one claim at a time.
/// </summary>
/// <param name="router">Where places are reserved.</param>
/// <param name="onRoom">Called once there may be a place that was missing; only passes that on.</param>
internal sealed class PlaceTurns(ITaskRouter router, Action onRoom)
{
    private Dictionary<string, long> _lastTurns = new(StringComparer.Ordinal);
    private long _turn;

    /// <summary>Reserves places for what is due.</summary>
    /// <param name="due">What is due; no function gets more places than it has tasks.</param>
    /// <param name="max">How many places at most.</param>
    public ReservedPlaces Reserve(IReadOnlyList<DueCount> due, int max)
    {
        var places = new ReservedPlaces();
        var projects = new Queue<(string Project, Queue<DueCount> Functions)>(due
            .GroupBy(function => function.Project, StringComparer.Ordinal)
            .Select(project => (Project: project.Key, Functions: new Queue<DueCount>(project.OrderBy(function => function.Oldest))))
            .OrderBy(project => _lastTurns.GetValueOrDefault(project.Project))
            .ThenBy(project => project.Functions.Peek().Oldest));

        // Who has nothing due has no turn to remember.
        _lastTurns = projects.ToDictionary(
            project => project.Project, project => _lastTurns.GetValueOrDefault(project.Project), StringComparer.Ordinal);
        while (places.Count < max && projects.TryDequeue(out var project))
        {
            if (TryReserve(project.Functions, places))
            {
                _lastTurns[project.Project] = ++_turn;
                projects.Enqueue(project);
            }
        }

        return places;
    }

    // A function without room is left alone for the rest of the claim.
    private bool TryReserve(Queue<DueCount> functions, ReservedPlaces places)
    {
        while (functions.TryDequeue(out var function))
        {
            if (router.TryReserve(function.Project, function.Function, onRoom, out var route))
            {
                places.Add(function.Project, function.Function, route);
                if (function.Count > 1)
                {
                    functions.Enqueue(function with { Count = function.Count - 1 });
                }

                return true;
            }
        }

        return false;
    }
}
