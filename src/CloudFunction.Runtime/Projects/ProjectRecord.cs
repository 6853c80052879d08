using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Projects;

/// <summary>The durable facts of one project, live. Thread safe; changes reach the disk with the store's next flush.</summary>
internal sealed class ProjectRecord
{
    private readonly ConcurrentDictionary<string, FunctionCounters> _functions;
    private readonly TimeProvider _time;
    private readonly DirtyFlag _dirty;
    private readonly Lock _lock = new();
    private DateTimeOffset _updatedAt;
    private bool _isStopped;

    internal ProjectRecord(ProjectState state, TimeProvider time, DirtyFlag dirty)
    {
        CreatedAt = state.CreatedAt;
        _updatedAt = state.UpdatedAt;
        _isStopped = state.Stopped;
        _time = time;
        _dirty = dirty;
        _functions = new(state.Functions.Select(function => KeyValuePair.Create(function.Key, new FunctionCounters(function.Value, dirty))), StringComparer.Ordinal);
    }

    /// <summary>When the host first saw it.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When <see cref="Touch"/> or <see cref="SetStopped"/> was last called; at first <see cref="CreatedAt"/>.</summary>
    public DateTimeOffset UpdatedAt
    {
        get
        {
            lock (_lock)
            {
                return _updatedAt;
            }
        }
    }

    /// <summary>Whether an operator stopped it.</summary>
    public bool IsStopped
    {
        get
        {
            lock (_lock)
            {
                return _isStopped;
            }
        }
    }

    /// <summary>Says that a deploy changed it just now.</summary>
    public void Touch() => Update(isStopped: null);

    /// <summary>Says that an operator stopped or started it just now. Flush the store before that is confirmed to them.</summary>
    public void SetStopped(bool isStopped) => Update(isStopped);

    /// <summary>The counters of a function, the same object every time; made where it was not known.</summary>
    public FunctionCounters GetFunction(string function)
    {
        if (_functions.TryGetValue(function, out var known))
        {
            return known;
        }

        var counters = _functions.GetOrAdd(function, new FunctionCounters(new FunctionState(_time.GetUtcNow(), null, 0), _dirty));
        _dirty.Set();
        return counters;
    }

    internal ProjectState ToState()
    {
        lock (_lock)
        {
            return new ProjectState(CreatedAt, _updatedAt, _isStopped, _functions.ToDictionary(function => function.Key, function => function.Value.ToState(), StringComparer.Ordinal));
        }
    }

    private void Update(bool? isStopped)
    {
        lock (_lock)
        {
            _updatedAt = _time.GetUtcNow();
            _isStopped = isStopped ?? _isStopped;
        }

        _dirty.Set();
    }
}
