using System.Net;
using System.Net.Sockets;

namespace SideBySide.Processes;

internal static class FreePort
{
    /// <summary>A TCP port of the loopback that was free a moment ago; a system that finds it taken fails with its own message.</summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
