using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SideBySide.Systems;

internal static class ServerExtensions
{
    public static void ListenLocalhostV4(this KestrelServerOptions kestrel, int port) => kestrel.Listen(IPAddress.Loopback, port);

    /// <summary>
    /// The comparison holds the other end of standard input. Its end means that the comparison is gone, however it went,
    /// and no server outlives it.
    /// </summary>
    public static void StopWithParent(this WebApplication app)
    {
        var watch = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
            }

            app.Lifetime.StopApplication();
        })
        {
            IsBackground = true,
            Name = "parent watch",
        };
        watch.Start();
    }
}
