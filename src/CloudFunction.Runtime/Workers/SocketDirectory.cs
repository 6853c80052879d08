using System.Security.Cryptography;
using System.Text;

namespace CloudFunction.Runtime.Workers;

/// <summary>A folder that only the current user can enter, for the host's socket. Its path is short, since a socket's path must be
/// (unix(7): 108 bytes on Linux, 104 elsewhere).</summary>
internal sealed class SocketDirectory : IDisposable
{
    private const int MaxSocketPathBytes = 100;

    private SocketDirectory(string path) => Root = path;

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The socket's path in it.</summary>
    public string SocketPath => Path.Combine(Root, "host");

    /// <summary>Makes such a folder, and clears away the one that an earlier host left.</summary>
    /// <param name="record">A file that remembers where the folder is.</param>
    public static SocketDirectory Create(string record)
    {
        Forget(record);
        var name = $"cf-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        var parent = Path.GetTempPath();
        if (Encoding.UTF8.GetByteCount(Path.Combine(parent, name, "host")) > MaxSocketPathBytes && !OperatingSystem.IsWindows())
        {
            parent = "/tmp";
        }

        var path = Path.Combine(parent, name);
        HostDirectory.Create(path);
        HostDirectory.Create(Path.GetDirectoryName(record)!);
        File.WriteAllText(record, path);
        return new SocketDirectory(path) { Record = record };
    }

    private string? Record { get; init; }

    public void Dispose() => Forget(Record!);

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
