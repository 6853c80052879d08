using System.Net;
using System.Net.Sockets;
using SideBySide.Options;
using Yarp.ReverseProxy.Forwarder;

namespace SideBySide.Systems;

/// <summary>
/// YARP as fast as it reasonably goes: the direct forwarder on one route, no transforms, HTTP/1.1 or HTTP/2 to the backend over
/// pooled connections on a Unix socket, no cookies, redirects, decompression, proxy or trace headers.
/// </summary>
internal static class YarpServer
{
    public static async Task<int> RunAsync(RoleArguments arguments)
    {
        var backend = new UnixDomainSocketEndPoint(arguments.RequireSocket());
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(backend, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        });

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhostV4(arguments.RequirePort()));

        var app = builder.Build();
        app.MapForwarder(
            "/greet",
            "http://backend",
            new ForwarderRequestConfig
            {
                Version = arguments.Http == 2 ? HttpVersion.Version20 : HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            },
            HttpTransformer.Empty,
            client);
        app.StopWithParent();
        await app.RunAsync();
        return 0;
    }
}
