namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>The operating system's own notifications.</summary>
internal sealed class FileSystemChanges : IChangeSource
{
    // The most that a Windows file server takes; the default of 8 KB overflows when a project of some hundred files is copied.
    // Elsewhere it has no meaning.
    private const int BufferBytes = 64 << 10;

    public IDisposable Listen(string directory, Action<string> changed, Action<Exception> failed)
    {
        // By its real path: a link would be watched itself, and nothing below it.
        var watcher = new FileSystemWatcher(new DirectoryInfo(directory).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? directory)
        {
            IncludeSubdirectories = true,
            InternalBufferSize = BufferBytes,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        watcher.Created += (_, change) => Report(change.Name);
        watcher.Deleted += (_, change) => Report(change.Name);
        watcher.Changed += (_, change) =>
        {
            // That a folder itself has changed means only that something in it has, which is reported too, or does not count.
            if (change.Name is not null && !Directory.Exists(change.FullPath))
            {
                Report(change.Name);
            }
        };
        watcher.Renamed += (_, change) =>
        {
            Report(change.OldName);
            Report(change.Name);
        };
        watcher.Error += (_, error) => failed(error.GetException());
        try
        {
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch
        {
            watcher.Dispose();
            throw;
        }

        void Report(string? path)
        {
            if (!string.IsNullOrEmpty(path))
            {
                changed(path);
            }
        }
    }
}
