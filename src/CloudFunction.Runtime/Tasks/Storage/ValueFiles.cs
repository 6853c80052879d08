using System.Collections.Concurrent;
using System.Globalization;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// The large values, each in a file of its own in <c>blobs/</c> of DATA_DIR. A file is on disk before the row that names it is committed,
/// and goes once the commit that took its row away is: so a row never names a file that is not there, and what a crash leaves over is
/// deleted at the next start. Thread safe.
/// </summary>
internal sealed class ValueFiles
{
    private const string FolderName = "blobs";
    private const string Suffix = ".blob";

    private readonly string _directory;
    private readonly ConcurrentQueue<long> _notDeleted = new();
    private long _lastId;

    private ValueFiles(string directory, long lastId)
    {
        _directory = directory;
        _lastId = lastId;
    }

    /// <summary>Deletes what no row names. Before anything is written.</summary>
    /// <exception cref="TaskStoreException">The rows cannot be read.</exception>
    public static ValueFiles Open(string dataDirectory, TaskConnection connection)
    {
        var directory = Path.Combine(dataDirectory, FolderName);
        var named = connection.QueryIds("SELECT id FROM blob");
        var lastId = named.Count == 0 ? 0 : named.Max();
        var files = new ValueFiles(directory, lastId);
        foreach (var file in Directory.Exists(directory) ? Directory.GetFiles(directory, "*" + Suffix) : [])
        {
            if (!long.TryParse(
                Path.GetFileNameWithoutExtension(file.AsSpan()), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id))
            {
                continue; // Nobody of ours has made it.
            }

            files._lastId = Math.Max(files._lastId, id);
            if (!named.Contains(id))
            {
                files.Delete(id);
            }
        }

        return files;
    }

    /// <summary>A stored value.</summary>
    public StoredValue Find(long id, long length) => new(length, ValueReads.Of(PathOf(id), length));

    /// <summary>Puts a large value into a file of its own, unless an earlier try has; it is on disk then. Blocks.</summary>
    /// <returns>The file; null for a value that has none, being small.</returns>
    /// <exception cref="TaskStoreException">It cannot be written.</exception>
    public ValueFile? Write(NewValue value)
    {
        if (!value.IsLarge || value.File is not null)
        {
            return value.File;
        }

        var id = Interlocked.Increment(ref _lastId);
        var path = PathOf(id);
        try
        {
            HostDirectory.Create(_directory);
            value.WriteTo(path);
            DurableFile.FlushDirectory(_directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or StorageFullException)
        {
            Delete(id);
            throw exception is StorageFullException || (exception is IOException error && StorageFullException.Is(error))
                ? new TaskStoreException(
                    TaskStoreFault.Full,
                    $"The task store's folder '{_directory}' cannot take another file: its disk is full. Make room; it goes on by itself then.",
                    exception)
                : new TaskStoreException(TaskStoreFault.Unavailable, $"The task store's folder '{_directory}' cannot be written: {exception.Message} "
                    + "Check its disk, and that this user may write there.", exception);
        }

        return value.File = new ValueFile(id, value.Length);
    }

    /// <summary>Takes back what was written for a value that is not stored.</summary>
    public void Discard(NewValue value)
    {
        if (value.File is { } file)
        {
            value.File = null;
            Delete(file.Id);
        }
    }

    /// <summary>Deletes files whose rows are gone. What is in use on Windows goes with the next sweep.</summary>
    public void Delete(IEnumerable<long> ids)
    {
        foreach (var id in ids)
        {
            Delete(id);
        }
    }

    /// <summary>Tries again to delete what could not be.</summary>
    public void Sweep()
    {
        for (var left = _notDeleted.Count; left > 0 && _notDeleted.TryDequeue(out var id); left--)
        {
            Delete(id);
        }
    }

    private void Delete(long id)
    {
        try
        {
            File.Delete(PathOf(id));
        }
        catch (DirectoryNotFoundException)
        {
            // With all its files.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _notDeleted.Enqueue(id); // Somebody reads it, a virus scanner perhaps.
        }
    }

    private string PathOf(long id) => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{id:x16}{Suffix}"));
}
