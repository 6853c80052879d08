namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>The logging file on the disk, and whether it is another than the one that was read. For one thread at a time.</summary>
internal sealed class LoggingFile(LoggingSettings settings, TimeProvider time)
{
    private Stamp _read;
    private bool _isUnread; // It was there and could not be opened.

    /// <summary>Where it is.</summary>
    public string Path => settings.ConfigurationFile;

    /// <summary>Reads it; where it is missing and nobody named it, the default holds.</summary>
    /// <exception cref="LoggingConfigurationException">It is wrong, or named and missing.</exception>
    public LoggingConfiguration Read()
    {
        _read = Look(); // Before it is read: what changes meanwhile is read again.
        _isUnread = _read.Exists && !CanBeOpened();
        return _read.Exists || settings.IsRequired
            ? LoggingConfigurationReader.Read(Path, settings.Paths, settings.Level, time)
            : LoggingConfigurationReader.Default(settings.Paths, settings.Level, time);
    }

    /// <summary>Whether there is a file that is not the one that was last read, or that can be opened only now: neither a right that is granted nor
    /// a lock that is given up leaves a trace on the file. A file that was removed changes nothing: an editor may be about to
    /// put it back.</summary>
    public bool HasChanged() => Look() is { Exists: true } now && (now != _read || (_isUnread && CanBeOpened()));

    private bool CanBeOpened()
    {
        try
        {
            using var file = File.OpenRead(Path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Who reads it says why.
        }
    }

    private Stamp Look()
    {
        var file = new FileInfo(Path);
        return file.Exists ? new Stamp(true, file.LastWriteTimeUtc, file.Length) : default;
    }

    private readonly record struct Stamp(bool Exists, DateTime Written, long Length);
}
