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
    // Headers come in one packet or a few; whoever sends them by the byte holds a connection only for that long.
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    // A connection that nobody reads from buffers so much and no more. Bodies at the speed of a 10 Gbit/s network need no more than that.
    private const int BufferBytes = 64 << 10;

    // Of HTTP/2, where one connection carries many bodies: two full streams, and an eighth of a megabyte for each.
    private const int StreamWindowBytes = 128 << 10;
    private const int ConnectionWindowBytes = 256 << 10;

    // A peer that is gone without a word is found within a minute; those that live answer by themselves.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);

    // Calls may run for the whole of TIMEOUT_GRACEFUL_SHUTDOWN; killing what is left and closing files comes after it.
    private static readonly TimeSpan ShutdownMargin = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        var limits = options.Limits;
        limits.KeepAliveTimeout = settings.Options.KeepAliveTimeout;
        limits.RequestHeadersTimeout = HeadersTimeout;
        limits.MaxRequestBodySize = settings.Options.MaxRequestBytes;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestBufferSize = RequestBufferBytes;
        limits.Http2.MaxRequestHeaderFieldSize = HeaderBytes;
        limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        limits.Http2.KeepAlivePingDelay = PingDelay;
        if (settings.Options.SslEnabled)
        {
            options.ConfigureHttpsDefaults(tls.Configure);
        }
    }

    public void Configure(SocketTransportOptions options)
    {
        options.Backlog = settings.Options.Backlog;
        options.MaxReadBufferSize = RequestBufferBytes;
    }

    public void Configure(HostOptions options) => options.ShutdownTimeout = settings.Options.GracefulShutdownTimeout + ShutdownMargin;

    private int HeaderBytes => (int)settings.Options.MaxHeaderBytes;

    // All headers and the request line must fit, for they are read whole.
    private int RequestBufferBytes => Math.Max(BufferBytes, HeaderBytes + new KestrelServerLimits().MaxRequestLineSize);
}
