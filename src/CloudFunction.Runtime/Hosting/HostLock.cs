namespace CloudFunction.Runtime.Hosting;

/// <summary>Owns a data directory for this host alone, as long as it is held.</summary>
internal sealed class HostLock : IDisposable
{
    private readonly FileStream _file;

    private HostLock(FileStream file) => _file = file;

    /// <summary>Takes a data directory.</summary>
    /// <exception cref="HostLockedException">Another host has it.</exception>
    public static HostLock Take(string dataDirectory)
    {
        HostDirectory.Create(dataDirectory);
        var path = Path.Combine(dataDirectory, "host.lock");
        try
        {
            return new HostLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (!StorageFullException.Is(e))
        {
            throw new HostLockedException(dataDirectory, e);
        }
    }

    // The file stays: deleting it would let two hosts hold two files of one name.
    public void Dispose() => _file.Dispose();
}
