namespace CloudFunction.Runtime.Configuration;

/// <summary>A file on the disk, and whether it is another than the one that was read. For one thread at a time.</summary>
internal sealed class WatchedFile(string path)
{
    private Stamp _read;
    private bool _isUnread; // It was there and could not be opened.

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Notes how it is now. To be called before it is read: what changes meanwhile is then read again.</summary>
    /// <returns>Whether it is there, or something in its place, or cannot be found out: whoever reads it then reports that.</returns>
    public bool Note()
    {
        _read = Stat();
        _isUnread = _read.Exists && !CanBeOpened();
        return _read.Exists;
    }

    /// <summary>Whether there is a file that is not the one that was noted, or that can be opened only now: neither a right that is granted nor
    /// a lock that is given up leaves a trace on the file.</summary>
    public bool HasChanged() => Stat() is { Exists: true } now && (now != _read || (_isUnread && CanBeOpened()));

    /// <summary>Whether it was noted, and is there no more. An editor may be about to put it back.</summary>
    public bool IsGone() => _read.Exists && !Stat().Exists;

    private bool CanBeOpened()
    {
        try
        {
            if (DiskEntry.KindOf(path) != DiskEntryKind.File)
            {
                return false; // A pipe would block.
            }

            using var file = File.OpenRead(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Whoever reads it reports why.
        }
    }

    private Stamp Stat()
    {
        try
        {
            if (DiskEntry.KindOf(path) == DiskEntryKind.Missing)
            {
                return default;
            }

            var file = new FileInfo(path);
            return new Stamp(true, file.LastWriteTimeUtc, file.Exists ? file.Length : 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Stamp(true, default, 0);
        }
    }

    private readonly record struct Stamp(bool Exists, DateTime Written, long Length);
}
