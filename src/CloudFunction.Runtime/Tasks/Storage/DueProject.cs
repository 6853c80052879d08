namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>What waits for the functions of one project. Guarded by the lock of <see cref="DueTasks"/>.</summary>
internal sealed class DueProject(string name)
{
    private readonly Dictionary<string, DueFunction> _functions = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>Whether it is among those whose turn comes.</summary>
    public bool HasTurn { get; set; }

    /// <summary>Whether any of its tasks is due, cancelled ones included.</summary>
    public bool HasReady => _functions.Values.Any(function => function.Ready.Count > 0);

    public DueFunction FunctionOf(string function)
    {
        if (!_functions.TryGetValue(function, out var known))
        {
            _functions.Add(function, known = new DueFunction(this, function));
        }

        return known;
    }

    /// <summary>The function with the oldest task of those that a claim has not left alone; null where there is none.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="removed">Tasks that wait no more, taken out where one is met.</param>
    public DueFunction? OldestOf(long claim, HashSet<TaskId> removed)
    {
        DueFunction? oldest = null;
        var age = long.MaxValue;
        foreach (var function in _functions.Values)
        {
            if (function.RefusedIn == claim)
            {
                continue;
            }

            while (function.Ready.TryPeek(out var id, out _) && removed.Remove(id))
            {
                function.Ready.Dequeue();
            }

            if (function.Ready.TryPeek(out _, out var key) && key < age)
            {
                (oldest, age) = (function, key);
            }
        }

        return oldest;
    }
}
