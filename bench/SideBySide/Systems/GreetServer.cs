using Microsoft.AspNetCore.Server.Kestrel.Core;
using SideBySide.Options;
using StreamFunctions;

namespace SideBySide.Systems;

/// <summary>
/// The functions as anyone would write them in ASP.NET Core: the in-process baseline on a TCP port, the proxy's backend on a Unix socket.
/// </summary>
internal static class GreetServer
{
    public const string StreamPath = "/stamps";

    public static async Task<int> RunAsync(RoleArguments arguments)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (arguments.Socket is { } socket)
            {
                // Without TLS there is no negotiation: the socket speaks the one version it is given.
                kestrel.ListenUnixSocket(socket, listen => listen.Protocols = arguments.Http == 2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
            }
            else
            {
                kestrel.ListenLocalhostV4(arguments.RequirePort());
            }
        });

        var app = builder.Build();
        app.MapPost("/greet", (GreetRequest request) => new GreetResponse($"Hello, {request.Name}!"));
        app.MapPost(StreamPath, (StampsRequest request, CancellationToken cancellationToken) =>
            TypedResults.ServerSentEvents(Stamps.EnumerateAsync(request, cancellationToken)));
        app.StopWithParent();
        await app.RunAsync();
        return 0;
    }
}
