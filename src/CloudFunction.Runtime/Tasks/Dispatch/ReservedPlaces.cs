using CloudFunction.Runtime.Routing;

namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>The places that one claim has taken, until its tasks take them over. For one claim at a time.</summary>
/// <param name="router">Where places are taken.</param>
/// <param name="onRoom">Called once there may be a place that was missing; only passes that on.</param>
internal sealed class ReservedPlaces(ITaskRouter router, Action onRoom) : ITaskGate
{
    private readonly Dictionary<(string Project, string Function), Stack<FunctionRoute?>> _places = [];

    public bool TryTake(string project, string function)
    {
        if (!router.TryReserve(project, function, onRoom, out var target))
        {
            return false;
        }

        if (!_places.TryGetValue((project, function), out var places))
        {
            _places.Add((project, function), places = []);
        }

        places.Push(target);
        return true;
    }

    public void GiveBack(string project, string function) => Take(project, function)?.Exit();

    /// <summary>Hands a place over to a task; null where its function does not exist.</summary>
    public FunctionRoute? Take(string project, string function) => _places[(project, function)].Pop();
}
