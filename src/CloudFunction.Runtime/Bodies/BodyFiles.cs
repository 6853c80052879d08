namespace CloudFunction.Runtime.Bodies;

/// <summary>The files of bodies that are too large for memory. They live no longer than the host: what an earlier one left is
/// deleted. Thread safe.</summary>
internal sealed class BodyFiles
{
    private readonly Lazy<string> _directory;
    private readonly FairPool _open;
    private long _last;

    /// <param name="directory">Below DATA_DIR; emptied and made when the first file is.</param>
    /// <param name="maxOpen">How many may be open at once: each takes a file descriptor.</param>
    public BodyFiles(string directory, int maxOpen)
    {
        _directory = new Lazy<string>(() => Prepare(directory));
        _open = new FairPool(maxOpen);
    }

    /// <summary>How many are open.</summary>
    public int Open => (int)_open.Used;

    /// <summary>Makes a file; null where the project has too many open.</summary>
    /// <exception cref="StorageFullException">There is no room.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public BodyFile? TryCreate(string project)
    {
        if (!_open.TryTake(project, 1))
        {
            return null;
        }

        try
        {
            return new BodyFile(this, project, Path.Combine(_directory.Value, $"{Interlocked.Increment(ref _last)}.body"));
        }
        catch (Exception exception)
        {
            Closed(project);
            throw exception is IOException full && StorageFullException.Is(full) ? new StorageFullException("DATA_DIR", full) : exception;
        }
    }

    /// <summary>One of a project's is closed.</summary>
    internal void Closed(string project) => _open.Release(project, 1);

    private static string Prepare(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        HostDirectory.Create(directory);
        return directory;
    }
}
