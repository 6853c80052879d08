using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Projects;

/// <summary>The times and counts of one project, live. Thread safe; changes reach the disk with the store's next flush.</summary>
internal sealed class ProjectCounters
{
    private readonly ConcurrentDictionary<string, FunctionCounters> _functions;
    private readonly TimeProvider _time;
    private readonly DirtyFlag _dirty;
    private long _updatedTicks;

    internal ProjectCounters(ProjectState state, TimeProvider time, DirtyFlag dirty)
    {
        CreatedAt = state.CreatedAt;
        _updatedTicks = state.UpdatedAt.UtcTicks;
        _time = time;
        _dirty = dirty;
        _functions = new(
            state.Functions.Select(function => KeyValuePair.Create(function.Key, new FunctionCounters(function.Value, dirty))),
            StringComparer.Ordinal);
    }

    /// <summary>When the host first found it.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When <see cref="Touch"/> was last called; at first <see cref="CreatedAt"/>.</summary>
    public DateTimeOffset UpdatedAt => new(Volatile.Read(ref _updatedTicks), TimeSpan.Zero);

    /// <summary>A deploy, start or stop has changed it just now.</summary>
    public void Touch()
    {
        Volatile.Write(ref _updatedTicks, _time.GetUtcNow().UtcTicks);
        _dirty.Set();
    }

    /// <summary>The counters of a function, the same object every time; made where it was not known. To be got once for a deployment's snapshot and
    /// used for every call.</summary>
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

    /// <summary>What is kept on disk of the project, with the counts as they are now; what operators decided stays as it is there.</summary>
    internal ProjectState Update(ProjectState? kept)
    {
        var functions = (kept?.Functions ?? new Dictionary<string, FunctionState>()).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, counters) in _functions)
        {
            functions[name] = counters.ToState(isDisabled: functions.GetValueOrDefault(name)?.Disabled ?? false);
        }

        return new ProjectState(CreatedAt, UpdatedAt, kept?.Stopped ?? false, functions);
    }
}
