using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Folders for sockets outside a host.</summary>
internal static class SocketDirectories
{
    public static SocketDirectory Create(string record)
    {
        var directory = new SocketDirectory(record);
        directory.Create();
        return directory;
    }
}
