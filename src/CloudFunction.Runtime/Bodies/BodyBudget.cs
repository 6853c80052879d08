namespace CloudFunction.Runtime.Bodies;

/// <summary>
/// Bounds the bytes of bodies that the host holds, wherever it holds them. Each project has a share of its own, which no other can use up;
/// beyond it projects take from a part that is common to all, of which one project gets at most half. Thread safe.
/// </summary>
/// <param name="shareBytes">The share of each project; at least one body of the largest size fits.</param>
/// <param name="commonBytes">What all projects have together beyond their shares.</param>
internal sealed class BodyBudget(long shareBytes, long commonBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _used = new(StringComparer.Ordinal);
    private long _commonUsed;

    /// <summary>How many bytes are taken, by all projects.</summary>
    public long Used
    {
        get
        {
            lock (_lock)
            {
                return _used.Values.Sum();
            }
        }
    }

    /// <summary>How many bytes a project has taken.</summary>
    public long UsedBy(string project)
    {
        lock (_lock)
        {
            return _used.GetValueOrDefault(project);
        }
    }

    /// <summary>Takes room, where the project has some.</summary>
    public bool TryTake(string project, long bytes)
    {
        lock (_lock)
        {
            var used = _used.GetValueOrDefault(project);
            var beyond = Beyond(used + bytes);
            var more = beyond - Beyond(used);
            if (more > 0 && (beyond > commonBytes / 2 || _commonUsed + more > commonBytes))
            {
                return false;
            }

            _used[project] = used + bytes;
            _commonUsed += more;
            return true;
        }
    }

    /// <summary>Gives room back.</summary>
    public void Release(string project, long bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        lock (_lock)
        {
            var used = _used[project];
            _commonUsed -= Beyond(used) - Beyond(used - bytes);
            if (used == bytes)
            {
                _used.Remove(project);
            }
            else
            {
                _used[project] = used - bytes;
            }
        }
    }

    private long Beyond(long used) => Math.Max(0, used - shareBytes);
}
