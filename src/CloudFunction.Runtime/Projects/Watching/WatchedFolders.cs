namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>All folders of PROJECTS_DIR, and which of them are to be reported when. Not thread safe; times count from the watch's start.</summary>
/// <param name="start">What was there at the start, which is not reported.</param>
internal sealed class WatchedFolders(IReadOnlyDictionary<string, ulong> start)
{
    private readonly Dictionary<string, WatchedFolder> _folders =
        start.ToDictionary(folder => folder.Key, folder => new WatchedFolder(folder.Key, folder.Value), StringComparer.Ordinal);

    /// <summary>The earliest time at which one is to be checked; null where nothing waits.</summary>
    /// <param name="after">Where given, only times after it count.</param>
    public TimeSpan? NextDue(TimeSpan? after) =>
        _folders.Values.Select(folder => folder.DueAt).Where(due => after is null || due > after).Min();

    /// <summary>Takes what was reported.</summary>
    /// <param name="hints">By the folder's name.</param>
    /// <param name="exists">Whether there is a folder of that name; it may be a file.</param>
    public void AddHints(IReadOnlyDictionary<string, Burst> hints, Func<string, bool> exists)
    {
        foreach (var (name, burst) in hints)
        {
            if (!_folders.TryGetValue(name, out var folder) && exists(name))
            {
                _folders[name] = folder = new WatchedFolder(name, reported: null);
            }

            folder?.AddHints(burst);
        }
    }

    /// <summary>Takes a scan, null where PROJECTS_DIR could not be read: that shows nothing of its folders.</summary>
    public void AddScan(IReadOnlyDictionary<string, ulong>? found, TimeSpan now)
    {
        if (found is null)
        {
            foreach (var folder in _folders.Values)
            {
                folder.Postpone();
            }
        }
        else
        {
            foreach (var name in found.Keys)
            {
                _folders.TryAdd(name, new WatchedFolder(name, reported: null));
            }

            foreach (var folder in _folders.Values)
            {
                folder.AddScan(found.TryGetValue(folder.Name, out var signature) ? signature : null, now);
            }
        }

        foreach (var folder in _folders.Values.Where(folder => folder.IsForgotten).ToList())
        {
            _folders.Remove(folder.Name);
        }
    }

    /// <summary>Marks all of them as perhaps changed.</summary>
    public void SuspectAll(TimeSpan now)
    {
        foreach (var folder in _folders.Values)
        {
            folder.Suspect(now);
        }
    }

    /// <summary>Those to be checked by now, longest due first.</summary>
    public IReadOnlyList<WatchedFolder> FindDue(TimeSpan now) =>
        [.. _folders.Values.Where(folder => folder.DueAt <= now)
            .OrderBy(folder => folder.DueAt)
            .ThenBy(folder => folder.Name, StringComparer.Ordinal)];
}
