using CloudFunction.Runtime.Routing;

namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>Places that were reserved for tasks before these are claimed. Those that no task takes go back when it is disposed.</summary>
internal sealed class ReservedPlaces : IDisposable
{
    private readonly Dictionary<(string Project, string Function), Stack<FunctionRoute?>> _places = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The places, by function.</summary>
    public IReadOnlyList<TaskRoom> Rooms => [.. _places.Select(places => new TaskRoom(places.Key.Project, places.Key.Function, places.Value.Count))];

    /// <summary>Adds a place of a function; null where there is no such function.</summary>
    public void Add(string project, string function, FunctionRoute? route)
    {
        if (!_places.TryGetValue((project, function), out var places))
        {
            _places.Add((project, function), places = []);
        }

        places.Push(route);
        Count++;
    }

    /// <summary>Hands a place over to a task; null where there is no such function.</summary>
    public FunctionRoute? Take(string project, string function)
    {
        Count--;
        return _places[(project, function)].Pop();
    }

    public void Dispose()
    {
        foreach (var route in _places.Values.SelectMany(places => places))
        {
            route?.Exit();
        }
    }
}
