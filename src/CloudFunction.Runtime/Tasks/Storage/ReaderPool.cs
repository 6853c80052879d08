using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>A few readers, opened as they are needed. Reads go past the writer: they wait for each other only, and run on the thread
/// pool. Thread safe.</summary>
internal sealed class ReaderPool(string file, ValueFiles files) : IDisposable
{
    // Each read takes a core while it lasts and may hold a payload in memory: more at once would only be more memory.
    private const int MaxReaders = 4;

    private readonly SemaphoreSlim _places = new(MaxReaders, MaxReaders);
    private readonly ConcurrentBag<TaskReader> _idle = [];
    private volatile bool _isClosed;

    /// <summary>Runs a read.</summary>
    /// <exception cref="TaskStoreException">The file could not be read, or the store is closed.</exception>
    public async Task<T> ReadAsync<T>(Func<TaskReader, T> read, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Waits for the reads that run, and refuses later ones.</summary>
    public async Task CloseAsync()
    {
        _isClosed = true;
        for (var place = 0; place < MaxReaders; place++)
        {
            await _places.WaitAsync().ConfigureAwait(false);
        }

        Dispose();
        _places.Release(MaxReaders); // Those who still come find that it is closed.
    }

    /// <summary>Closes the readers that nobody uses.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private T Read<T>(Func<TaskReader, T> read)
    {
        if (_isClosed)
        {
            throw new TaskStoreException(TaskStoreFault.Closed, $"The task store '{file}' is closed: the host is stopping.");
        }

        var reader = _idle.TryTake(out var idle) ? idle : new TaskReader(file, files);
        try
        {
            var result = read(reader);
            _idle.Add(reader);
            return result;
        }
        catch
        {
            reader.Dispose(); // Whatever failed, the next read begins on a clean connection.
            throw;
        }
    }
}
