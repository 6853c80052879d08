using CloudFunction.AspNetCore.Tests.Tls;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>Hosts that speak TLS.</summary>
internal static class HostTls
{
    /// <summary>The settings of a host that uses the files of the name <c>server</c>.</summary>
    public static (string Name, string Value)[] SettingsOf(Pem pem) =>
        [("SSL_ENABLED", "true"), ("SSL_KEYFILE", pem.PathOf("server.key")), ("SSL_CERTFILE", pem.PathOf("server.crt"))];

    /// <summary>A client that trusts the certificate of that name, whoever signed it.</summary>
    public static SocketsHttpHandler NewHandler()
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=server";
        return handler;
    }
}
