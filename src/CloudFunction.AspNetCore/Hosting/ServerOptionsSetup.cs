using CloudFunction.AspNetCore.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Carries the settings over to Kestrel, its sockets and the host.</summary>
internal sealed class ServerOptionsSetup(ServerSettings settings, ServerTls tls)
    : IConfigureOptions<KestrelServerOptions>, IConfigureOptions<SocketTransportOptions>, IConfigureOptions<HostOptions>
{
    // Calls may run for the whole of TIMEOUT_GRACEFUL_SHUTDOWN; killing what is left and closing files comes after it.
    private static readonly TimeSpan ShutdownMargin = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.KeepAliveTimeout = settings.Options.KeepAliveTimeout;
        options.Limits.MaxRequestBodySize = settings.Options.MaxRequestBytes;
        if (settings.Options.SslEnabled)
        {
            options.ConfigureHttpsDefaults(tls.Configure);
        }
    }

    public void Configure(SocketTransportOptions options) => options.Backlog = settings.Options.Backlog;

    public void Configure(HostOptions options) => options.ShutdownTimeout = settings.Options.GracefulShutdownTimeout + ShutdownMargin;
}
