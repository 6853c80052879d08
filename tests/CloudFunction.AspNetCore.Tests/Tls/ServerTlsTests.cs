using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CloudFunction.AspNetCore.Hosting;
using CloudFunction.AspNetCore.Tls;
using CloudFunction.Runtime.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.AspNetCore.Tests.Tls;

/// <summary>The server's TLS from outside, with certificates as operators make them.</summary>
public sealed class ServerTlsTests : IDisposable
{
    private readonly Pem _pem = new();

    public ServerTlsTests() => Pem.RequireOpenSsl();

    public void Dispose() => _pem.Dispose();

    [SkippableTheory]
    [InlineData("EC -pkeyopt ec_paramgen_curve:P-256", "ec")]
    [InlineData("RSA -pkeyopt rsa_keygen_bits:2048", "rsa")]
    public async Task Server_KeysOfEveryForm_Serve(string algorithm, string form)
    {
        _pem.Make("server", algorithm: algorithm);
        await AssertServesAsync("server.key");
        _pem.Run($"{form} -in server.key -out traditional.key" + (form == "rsa" ? " -traditional" : ""));
        Assert.Contains($"BEGIN {form.ToUpperInvariant()} PRIVATE KEY", _pem.Read("traditional.key"), StringComparison.Ordinal);
        await AssertServesAsync("traditional.key");
    }

    [SkippableFact]
    public async Task Server_ChainInTheFile_IsServedWhole()
    {
        _pem.Make("root", isAuthority: true)
            .Make("middle", "root", isAuthority: true)
            .Make("inner", "middle", isAuthority: true)
            .Make("server", "inner");
        _pem.Write("chain.pem", _pem.Read("server.crt") + _pem.Read("inner.crt") + _pem.Read("middle.crt"));
        await using var app = await StartAsync("server.key", "chain.pem");

        // This client knows the root alone, and fetches nothing.
        using var client = NewClient(app, trusted: "root.crt");

        Assert.Equal("https", new Uri(app.App.Urls.First()).Scheme);
        Assert.Contains("CloudFunction", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Server_Alpn_GivesHttp2AndHttp11()
    {
        _pem.Make("server");
        await using var app = await StartAsync();
        using var client = NewClient(app, trusted: "server.crt");

        foreach (var version in new[] { HttpVersion.Version20, HttpVersion.Version11 })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/")
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await client.SendAsync(request);
            Assert.Equal((version, HttpStatusCode.OK), (response.Version, response.StatusCode));
        }
    }

    [SkippableTheory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
#pragma warning disable SYSLIB0039, CA5397 // Old protocols: that they are refused is what is tested.
    [InlineData(SslProtocols.Tls11, false)]
#pragma warning restore SYSLIB0039, CA5397
    public async Task Server_Protocol_IsAtLeastTls12(SslProtocols protocol, bool taken)
    {
        _pem.Make("server");
        await using var app = await StartAsync();

        Assert.Equal(taken, await HandshakeAsync(app, new SslClientAuthenticationOptions { EnabledSslProtocols = protocol }) is not null);
    }

    [SkippableFact]
    public async Task Refresh_RenewedPair_ServesNewConnectionsEvenIfTheKeyCameFirst()
    {
        _pem.Make("server").Make("renewed");
        await using var app = await StartAsync();
        var tls = app.App.Services.GetRequiredService<ServerTls>();
        Assert.Equal("CN=server", await SubjectAsync(app));

        _pem.Write("server.key", _pem.Read("renewed.key"));
        tls.Refresh();
        Assert.Equal("CN=server", await SubjectAsync(app));
        Assert.Empty(app.Log.Lines);

        _pem.Write("server.crt", _pem.Read("renewed.crt"));
        tls.Refresh();

        Assert.Equal("CN=renewed", await SubjectAsync(app));
        Assert.Empty(app.Log.Lines);
    }

    [SkippableFact]
    public async Task Refresh_BrokenPair_KeepsTheOldOneAndSaysSoOnce()
    {
        _pem.Make("server");
        await using var app = await StartAsync();
        var tls = app.App.Services.GetRequiredService<ServerTls>();

        _pem.Write("server.crt", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
        for (var look = 0; look < 4; look++)
        {
            tls.Refresh();
        }

        Assert.Equal("CN=server", await SubjectAsync(app));
        Assert.Contains("SSL_CERTFILE", Assert.Single(app.Log.Lines), StringComparison.Ordinal);
        File.Delete(_pem.PathOf("server.key"));
        tls.Refresh();
        tls.Refresh();
        Assert.Equal(2, app.Log.Lines.Count);
        Assert.Equal("CN=server", await SubjectAsync(app));
    }

    /// <summary>As Kubernetes renews mounted secrets: the files' own links stay, the folder that they lead to is another.</summary>
    [SkippableFact]
    public async Task Refresh_FolderBehindTheLinksIsSwapped_IsSeen()
    {
        Skip.If(OperatingSystem.IsWindows(), "Links need a right of their own on Windows.");
        _pem.Make("one").Make("two");
        foreach (var name in new[] { "one", "two" })
        {
            Directory.CreateDirectory(_pem.PathOf($"data-{name}"));
            File.Copy(_pem.PathOf($"{name}.key"), _pem.PathOf($"data-{name}/tls.key"));
            File.Copy(_pem.PathOf($"{name}.crt"), _pem.PathOf($"data-{name}/tls.crt"));
        }

        Directory.CreateSymbolicLink(_pem.PathOf("..data"), "data-one");
        File.CreateSymbolicLink(_pem.PathOf("tls.key"), "..data/tls.key");
        File.CreateSymbolicLink(_pem.PathOf("tls.crt"), "..data/tls.crt");
        await using var app = await StartAsync("tls.key", "tls.crt");
        Assert.Equal("CN=one", await SubjectAsync(app));

        Directory.Delete(_pem.PathOf("..data"));
        Directory.CreateSymbolicLink(_pem.PathOf("..data"), "data-two");
        app.App.Services.GetRequiredService<ServerTls>().Refresh();

        Assert.Equal("CN=two", await SubjectAsync(app));
    }

    [SkippableTheory]
    [InlineData("client", true)]
    [InlineData("plain", true)]
    [InlineData("nested", true)]
    [InlineData("stranger", false)]
    [InlineData("webserver", false)]
    [InlineData("expired", false)]
    [InlineData(null, false)]
    public async Task Server_ClientCertificate_MustBeVouchedForByTheBundle(string? name, bool taken)
    {
        MakeClients();
        await using var app = await StartAsync("server.key", "server.crt", "ca.crt");

        Assert.Equal(taken, await AnswersAsync(app, name));
    }

    [SkippableFact]
    public async Task Refresh_OtherAuthorities_CountFromThen()
    {
        MakeClients();
        await using var app = await StartAsync("server.key", "server.crt", "ca.crt");
        Assert.True(await AnswersAsync(app, "client"));

        _pem.Write("ca.crt", _pem.Read("other.crt"));
        app.App.Services.GetRequiredService<ServerTls>().Refresh();

        Assert.False(await AnswersAsync(app, "client"));
        Assert.True(await AnswersAsync(app, "stranger"));
    }

    [SkippableFact]
    public async Task Server_ExpiredCertificate_ServesWithAWarning()
    {
        _pem.Make("server", days: -1);
        await using var app = await StartAsync();

        Assert.Contains("has expired", Assert.Single(app.Log.Lines), StringComparison.Ordinal);
        Assert.Equal("CN=server", await SubjectAsync(app));
    }

    [SkippableTheory]
    [InlineData("none", "server.crt", null, "SSL_KEYFILE: ", "does not exist")]
    [InlineData("server.key", "none", null, "SSL_CERTFILE: ", "does not exist")]
    [InlineData("server.key", "server.crt", "none", "SSL_CA_CERTS: ", "does not exist")]
    [InlineData("other.key", "server.crt", null, "SSL_KEYFILE: ", "that certificate's own private key")]
    [InlineData("locked.key", "server.crt", null, "SSL_KEYFILE: ", "is encrypted")]
    [InlineData("old-locked.key", "server.crt", null, "SSL_KEYFILE: ", "is encrypted")]
    [InlineData("server.crt", "server.crt", null, "SSL_KEYFILE: ", "has no private key")]
    [InlineData("server.key", "server.key", null, "SSL_CERTFILE: ", "has no certificate")]
    [InlineData("server.key", "broken.crt", null, "SSL_CERTFILE: ", "cannot be read")]
    [InlineData("server.key", "server.crt", "server.key", "SSL_CA_CERTS: ", "has no certificate")]
    [InlineData("server.key", "server.crt", "leaf.crt", "SSL_CA_CERTS: ", "has no root certificate")]
    [InlineData("server.key", "folder", null, "SSL_CERTFILE: ", "")]
    public void Load_FilesThatWillNotDo_AreNamedWithTheReason(string key, string certificate, string? authorities, string start, string reason)
    {
        _pem.Make("server").Make("other").Make("root", isAuthority: true).Make("leaf", "root");
        _pem.Run("pkcs8 -topk8 -in server.key -passout pass:x -out locked.key");
        _pem.Run("ec -in server.key -aes256 -passout pass:x -out old-locked.key");
        _pem.Write("broken.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Directory.CreateDirectory(_pem.PathOf("folder"));
        using var app = TestApp.Build(options => Use(options, key, certificate, authorities), static builder => builder.AddCloudFunctionServer());

        var error = Assert.Single(Assert.Throws<SettingsException>(app.Services.GetRequiredService<ServerTls>().Load).Errors);

        Assert.StartsWith(start, error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains("allowed ", error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Load_AllFilesAreMissing_AllAreNamed()
    {
        using var app = TestApp.Build(options => Use(options, "a", "b", "c"), static builder => builder.AddCloudFunctionServer());

        Assert.Equal(3, Assert.Throws<SettingsException>(app.Services.GetRequiredService<ServerTls>().Load).Errors.Count);
    }

    [SkippableFact]
    public async Task Start_EndpointsOfKestrelsOwnBesideTls_AreRefused()
    {
        _pem.Make("server");
        await using var app = TestApp.Build(options => Use(options, "server.key", "server.crt", null), static builder =>
        {
            builder.Configuration["Kestrel:Endpoints:Plain:Url"] = "http://127.0.0.1:0";
            builder.AddCloudFunctionServer();
        });

        int? code = null;
        var addresses = ActivatorUtilities.CreateInstance<ListenAddresses>(app.Services);
        addresses.Exit = value => code = value;

        await addresses.StartingAsync(CancellationToken.None);

        Assert.Equal(1, code);
    }

    private void MakeClients() => _pem.Make("server")
        .Make("ca", isAuthority: true).Make("other", isAuthority: true).Make("sub", "ca", isAuthority: true)
        .Make("client", "ca", usage: "clientAuth").Make("plain", "ca").Make("nested", "sub", usage: "clientAuth")
        .Make("stranger", "other", usage: "clientAuth")
        .Make("webserver", "ca", usage: "serverAuth")
        .Make("expired", "ca", usage: "clientAuth", days: -1);

    private async Task AssertServesAsync(string key)
    {
        await using var app = await StartAsync(key);
        Assert.Equal("CN=server", await SubjectAsync(app));
    }

    private Task<TestApp> StartAsync(string key = "server.key", string certificate = "server.crt", string? authorities = null) =>
        TestApp.StartAsync(options => Use(options, key, certificate, authorities), static builder => builder.AddCloudFunctionServer());

    private void Use(CloudFunctionOptions options, string key, string certificate, string? authorities)
    {
        (options.Host, options.Port, options.SslEnabled) = ("127.0.0.1", 0, true);
        (options.SslKeyFile, options.SslCertificateFile) = (_pem.PathOf(key), _pem.PathOf(certificate));
        options.SslCaCertificatesFile = authorities is null ? null : _pem.PathOf(authorities);
    }

    private HttpClient NewClient(TestApp app, string trusted)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(_pem.PathOf(trusted)) },
        };
        return new HttpClient(handler) { BaseAddress = new Uri(app.App.Urls.First()), Timeout = TimeSpan.FromSeconds(30) };
    }

    private static async Task<string?> SubjectAsync(TestApp app) => await HandshakeAsync(app, new SslClientAuthenticationOptions());

    /// <summary>The subject of what the server shows; null where it refuses.</summary>
    private static async Task<string?> HandshakeAsync(TestApp app, SslClientAuthenticationOptions options)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(app.App.Urls.First()).Port);
        await using var stream = new SslStream(client.GetStream());
        options.TargetHost = "localhost";
        options.RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null; // Only what is shown is looked at.
        try
        {
            await stream.AuthenticateAsClientAsync(options);
            return stream.RemoteCertificate!.Subject;
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return null;
        }
    }

    /// <summary>Whether a request with that certificate is answered. With TLS 1.3 the client learns of a refusal only when it reads.</summary>
    private async Task<bool> AnswersAsync(TestApp app, string? name)
    {
        using var certificate = name is null ? null : X509Certificate2.CreateFromPemFile(_pem.PathOf($"{name}.crt"), _pem.PathOf($"{name}.key"));
        using var intermediate = File.Exists(_pem.PathOf("sub.crt")) ? X509CertificateLoader.LoadCertificateFromFile(_pem.PathOf("sub.crt")) : null;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(app.App.Urls.First()).Port);
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
                ClientCertificateContext = certificate is null
                    ? null
                    : SslStreamCertificateContext.Create(certificate, intermediate is null ? null : [intermediate], offline: true),
            });
            await stream.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray());
            using var reader = new StreamReader(stream);
            return (await reader.ReadToEndAsync()).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return false;
        }
    }
}
