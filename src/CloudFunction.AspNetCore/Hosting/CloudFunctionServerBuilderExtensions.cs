using CloudFunction.AspNetCore;
using CloudFunction.AspNetCore.Connections;
using CloudFunction.AspNetCore.Hosting;
using CloudFunction.AspNetCore.Pipeline;
using CloudFunction.AspNetCore.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Makes an app a CloudFunction server.</summary>
public static class CloudFunctionServerBuilderExtensions
{
    /// <summary>
    /// Applies the server's settings to this app: HOST, PORT, the TLS of SSL_ENABLED, PROXY_HEADERS, TRUSTED_HOSTS,
    /// ALLOWED_ORIGINS, ACCESS_LOG, BACKLOG, TIMEOUT_KEEP_ALIVE, MAX_CONNECTIONS, MAX_HEADER_BYTES, MAX_REQUEST_BYTES and, for the
    /// host's own shutdown, TIMEOUT_GRACEFUL_SHUTDOWN. Routes that match nothing, wrong methods and unhandled exceptions are
    /// answered in the API's own error format.
    /// </summary>
    /// <param name="builder">The app's builder. <c>AddCloudFunctions()</c> must be called on its services, before or after.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// HOST and PORT, where set or where SSL_ENABLED is true, beat ASPNETCORE_URLS, which beats their defaults. An address that cannot be
    /// listened on ends the process before any worker starts: one line on standard error, exit code 1; so do settings and a logging file
    /// that are wrong, a line each. The logging file decides on all that is logged, on the console too: the console of the builder's own is
    /// removed. ASP.NET Core logs from warnings up, unless that file has a logger <c>Microsoft.AspNetCore</c> or
    /// <c>Logging:LogLevel:Microsoft.AspNetCore</c> sets another level, and makes an activity for each request only where there
    /// is a listener for its activity source or <c>Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics</c> is set. A
    /// second call changes nothing.
    /// </remarks>
    public static WebApplicationBuilder AddCloudFunctionServer(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(descriptor => descriptor.ServiceType == typeof(ServerMarker)))
        {
            return builder;
        }

        StartupFailure.Install();
        services.AddSingleton<ServerMarker>();
        services.AddSingleton<ServerTls>();
        services.AddSingleton<ServerOptionsSetup>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(Setup);
        services.Configure<KestrelServerOptions>(ConnectionHeader.ReadBy);
        services.AddSingleton<IConfigureOptions<SocketTransportOptions>>(Setup);
        services.AddSingleton<IConfigureOptions<HostOptions>>(Setup);
        services.AddSingleton<IConnectionListenerFactory>(Transport);
        services.AddCors();
        services.AddSingleton<AccessLog>();
        services.AddSingleton<IStartupFilter, ServerPipeline>();

        // First of all hosted services: what cannot listen starts no worker.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, ListenAddresses>());
        services.AddHostedService(static provider => provider.GetRequiredService<ServerTls>());

        ServerLogging.Add(builder);
        return builder;
    }

    private static BoundedTransport Transport(IServiceProvider services)
    {
        FrontEndMarker.Require(services, nameof(AddCloudFunctionServer));
        return ActivatorUtilities.CreateInstance<BoundedTransport>(services);
    }

    private static ServerOptionsSetup Setup(IServiceProvider services)
    {
        FrontEndMarker.Require(services, nameof(AddCloudFunctionServer));
        return services.GetRequiredService<ServerOptionsSetup>();
    }
}
