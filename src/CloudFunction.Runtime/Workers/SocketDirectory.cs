using System.Security.Cryptography;
using System.Text;

namespace CloudFunction.Runtime.Workers;

/// <summary>A folder that only the current user can enter, for the host's socket. Its path is short, since a socket's path must be
/// (unix(7): 108 bytes on Linux, 104 elsewhere).</summary>
internal sealed class SocketDirectory : IDisposable
{
    private const int MaxSocketPathBytes = 100;

    private readonly string _record;
    private bool _isCreated;

    /// <param name="record">A file that remembers where the folder is.</param>
    public SocketDirectory(string record)
    {
        _record = record;
        var name = $"cf-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        var parent = Path.GetTempPath();
        if (Encoding.UTF8.GetByteCount(Path.Combine(parent, name, "host")) > MaxSocketPathBytes && !OperatingSystem.IsWindows())
        {
            parent = "/tmp";
        }

        Root = Path.Combine(parent, name);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The socket's path in it.</summary>
    public string SocketPath => Path.Combine(Root, "host");

    /// <summary>Makes the folder, and clears away the one that an earlier host left.</summary>
    public void Create()
    {
        Forget(_record);
        HostDirectory.Create(Root);
        _isCreated = true;
        try
        {
            HostDirectory.Create(Path.GetDirectoryName(_record)!);
            File.WriteAllText(_record, Root);
        }
        catch (IOException exception) when (StorageFullException.Is(exception))
        {
            // The folder goes with its host all the same; only where that is killed, an empty one is left behind.
        }
    }

    public void Dispose()
    {
        if (_isCreated)
        {
            _isCreated = false; // The record may be the next host's by the time of a second call.
            Forget(_record);
        }
    }

    private static void Forget(string record)
    {
        if (!File.Exists(record))
        {
            return;
        }

        var path = File.ReadAllText(record);
        if (Path.GetFileName(path).StartsWith("cf-", StringComparison.Ordinal) && Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        File.Delete(record);
    }
}
