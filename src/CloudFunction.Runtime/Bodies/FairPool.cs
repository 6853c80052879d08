namespace CloudFunction.Runtime.Bodies;

/// <summary>
/// Shares out something that there is a fixed number of, so that no project uses it up: a project gets more as long as it then has no more
/// than what is still free. One alone gets half, the next half of the rest. Thread safe.
/// </summary>
internal sealed class FairPool(long capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _used = new(StringComparer.Ordinal);
    private long _total;

    /// <summary>How much is taken, by all projects.</summary>
    public long Used => Interlocked.Read(ref _total);

    /// <summary>Takes some, where the project may.</summary>
    public bool TryTake(string project, long amount)
    {
        lock (_lock)
        {
            var used = _used.GetValueOrDefault(project) + amount;
            var total = _total + amount;
            // Whoever has none may take the last.
            if (total > capacity || (used > amount && used > capacity - total))
            {
                return false;
            }

            _used[project] = used;
            _total = total;
            return true;
        }
    }

    /// <summary>Gives some back.</summary>
    public void Release(string project, long amount)
    {
        if (amount == 0)
        {
            return;
        }

        lock (_lock)
        {
            _total -= amount;
            if ((_used[project] -= amount) == 0)
            {
                _used.Remove(project);
            }
        }
    }
}
