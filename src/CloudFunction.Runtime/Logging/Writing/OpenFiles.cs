using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Files;

namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>The log files in use, each open once, whatever configuration it came from. For one thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="report">Where to report what cannot be written.</param>
/// <param name="maxOpen">How many are open at most: each takes a file descriptor.</param>
internal sealed class OpenFiles(TimeProvider time, Action<string> report, int maxOpen)
{
    private static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, RotatingFile> _files = new(StringComparer.Ordinal);
    private readonly List<RotatingFile> _touched = [];

    /// <summary>How many there are.</summary>
    public int Count => _files.Count;

    /// <summary>The file of a handler; it is written by the next <see cref="Flush"/>.</summary>
    public RotatingFile Get(FileHandlerConfiguration handler)
    {
        if (!_files.TryGetValue(handler.Path, out var file))
        {
            if (_files.Count >= maxOpen)
            {
                Flush();
                Close(_files.OrderBy(open => open.Value.UsedAt).Take(_files.Count - (maxOpen / 2)));
            }

            file = _files[handler.Path] = new RotatingFile(handler.Path, time, report);
        }

        file.MaxBytes = handler.MaxBytes;
        file.BackupCount = handler.BackupCount;
        if (!file.HasPending)
        {
            _touched.Add(file);
        }

        return file;
    }

    /// <summary>Writes what was appended.</summary>
    public void Flush()
    {
        foreach (var file in _touched)
        {
            file.Flush();
        }

        _touched.Clear();
    }

    /// <summary>Closes what has not been used for a while. What still has lost records to report stays known.</summary>
    public void CloseIdle() =>
        Close(_files.Where(file => file.Value.Dropped == 0 && time.GetElapsedTime(file.Value.UsedAt) >= MaxIdle));

    /// <summary>Closes all.</summary>
    public void CloseAll() => Close(_files);

    private void Close(IEnumerable<KeyValuePair<string, RotatingFile>> files)
    {
        foreach (var (path, file) in files.ToArray())
        {
            file.Dispose();
            _files.Remove(path);
        }
    }
}
