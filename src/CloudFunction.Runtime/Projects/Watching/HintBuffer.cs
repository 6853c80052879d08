namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>Holds what was notified until the watch's loop takes it: for each folder one burst, however many changes. Thread safe.</summary>
/// <param name="holdsSource">Whether a folder holds source code, by its name.</param>
internal sealed class HintBuffer(Func<string, bool> holdsSource)
{
    // More than a host has projects. Beyond it somebody fills PROJECTS_DIR with other things, and all folders are scanned.
    private const int MaxFolders = 10_000;

    private readonly Lock _gate = new();
    private Dictionary<string, Burst> _bursts = new(StringComparer.Ordinal);
    private bool _isIncomplete;

    /// <summary>Adds a change of a path below PROJECTS_DIR, if it counts.</summary>
    /// <returns>Whether it does.</returns>
    public bool Add(string path, TimeSpan at)
    {
        if (WatchedPath.FindFolder(path, holdsSource, out var isFolder) is not { } folder)
        {
            return false;
        }

        lock (_gate)
        {
            if (!_bursts.TryGetValue(folder, out var burst) || (isFolder && !burst.IsOfFolder))
            {
                if (_bursts.Count >= MaxFolders)
                {
                    _isIncomplete = true;
                    return true;
                }

                var started = new Burst(burst?.First ?? at) { IsOfFolder = isFolder };
                if (burst is not null)
                {
                    started.Add(burst);
                }

                _bursts[folder] = burst = started;
            }

            burst.Add(at);
        }

        return true;
    }

    /// <summary>Notes that changes were lost: any folder may have changed.</summary>
    public void Lose()
    {
        lock (_gate)
        {
            _isIncomplete = true;
        }
    }

    /// <summary>Takes what was notified since it was last taken.</summary>
    /// <param name="isIncomplete">Whether changes were lost.</param>
    public IReadOnlyDictionary<string, Burst> Take(out bool isIncomplete)
    {
        lock (_gate)
        {
            var taken = _bursts;
            isIncomplete = _isIncomplete;
            _isIncomplete = false;
            if (taken.Count > 0)
            {
                _bursts = new Dictionary<string, Burst>(StringComparer.Ordinal);
            }

            return taken;
        }
    }
}
