namespace CloudFunction.Runtime.Projects;

/// <summary>Whether something has changed since it was last written. Thread safe.</summary>
internal sealed class DirtyFlag
{
    private int _isSet;

    /// <summary>Notes that something has changed.</summary>
    public void Set()
    {
        // Read first: on the hot path it is set already, and a write would take the cache line from every other core.
        if (Volatile.Read(ref _isSet) == 0)
        {
            Volatile.Write(ref _isSet, 1);
        }
    }

    /// <summary>Takes the flag down.</summary>
    /// <returns>Whether it was up.</returns>
    public bool TryClear() => Interlocked.Exchange(ref _isSet, 0) != 0;
}
