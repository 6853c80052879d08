using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Opening the file, at once or once its disk has room: a host serves what needs no store meanwhile.</summary>
internal sealed partial class SqliteTaskStore
{
    private readonly CancellationTokenSource _closing = new();
    private volatile OpenTaskStore? _opened;
    private volatile Exception? _fault;
    private bool _isRecovered;
    private Task _opening = Task.CompletedTask;

    private OpenTaskStore Opened => _opened
        ?? (_opening == Task.CompletedTask
            ? throw new InvalidOperationException("The store has not been opened yet: the host has not started.")
            : throw new TaskStoreException(
                _fault is null ? TaskStoreFault.Full : TaskStoreFault.Unavailable,
                $"The task store in '{_dataDirectory}' is not open: {_fault?.Message ?? "its disk is full. Make room; it goes on by itself then."}",
                _fault));

    /// <summary>Opens <c>tasks/tasks.db</c> below DATA_DIR, made where it is missing, and takes up what an earlier host left. Blocks while it does.
    /// Where the disk has no room for that, it is tried again every second, and until then calls fail with <see cref="TaskStoreFault.Full"/>. To be
    /// called once, before anything else.</summary>
    /// <exception cref="TaskStoreException">The store cannot be used, and was left as it is.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not make it.</exception>
    public void Open()
    {
        if (!TryOpen())
        {
            LogNoRoomToOpen(_dataDirectory);
            _opening = OpenLaterAsync();
        }
    }

    private async Task OpenLaterAsync()
    {
        try
        {
            do
            {
                await Task.Delay(StoreOutage.RetryDelay, _time, _closing.Token).ConfigureAwait(false);
            }
            while (!await Task.Run(TryOpen, _closing.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // It is closed before there was room.
        }
        catch (Exception error) when (error is TaskStoreException or IOException or UnauthorizedAccessException)
        {
            _fault = error; // Which no room will mend: the next start reports it as its own.
            LogNotOpened(error, _dataDirectory);
        }
    }

    // False where there is no room. SQLite answers a full disk in several ways while it opens a file: a file of our own shows whether it is that.
    // Once what waits is known, nothing begins anew: it would be known twice.
    private bool TryOpen()
    {
        try
        {
            OpenFile();
            return true;
        }
        catch (IOException error) when (StorageFullException.Is(error))
        {
            return false;
        }
        catch (TaskStoreException error) when (error.Fault is TaskStoreFault.Full or TaskStoreFault.Unavailable
            && !_isRecovered && !StorageProbe.HasRoom(_dataDirectory))
        {
            return false;
        }
    }

    private void OpenFile()
    {
        var folder = Path.Combine(_dataDirectory, "tasks");
        HostDirectory.Create(folder);
        var file = Path.Combine(folder, "tasks.db");
        var connection = TaskStoreFile.Open(file, _time, _maxBytes);
        try
        {
            var files = ValueFiles.Open(_dataDirectory, connection);
            var keys = new TaskKeys(TaskRecovery.LastKey(connection), _time);
            var tables = new TaskTables(connection, keys, _reserved, files, _anonymousBytes, _time);
            var cut = TaskRecovery.EndRunning(connection, tables);
            _isRecovered = true;
            var waiting = TaskRecovery.AddWaiting(connection, tables, _due, _callbacks, _time.GetUtcNow());
            _opened = new OpenTaskStore(files, keys, new TaskWriter(connection, tables), new ReaderPool(file, files));
            LogOpened(file, waiting, cut);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
