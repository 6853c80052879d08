using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using CloudFunction.AspNetCore.Tests.Tls;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Hosting;

/// <summary>What the server's settings do, seen from outside a real host.</summary>
public sealed class ServerSettingsTests
{
    // Far above what any of it takes; only a failure takes so long.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task Backlog_IsThatOfTheListeningSocket()
    {
        var ss = Array.Find(["/usr/bin/ss", "/bin/ss", "/usr/sbin/ss", "/sbin/ss"], File.Exists);
        Skip.If(ss is null, "There is no ss, which shows a socket's backlog: install the package iproute2.");
        using var root = new ContentRoot();
        await using var host = await HostProcess.StartAsync(root, ("BACKLOG", "77"));

        using var process = Process.Start(
            new ProcessStartInfo(ss!, ["-ltnH", "sport", "=", $":{host.Address.Port}"]) { RedirectStandardOutput = true })!;
        var line = (await process.StandardOutput.ReadToEndAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // ss(8): of a listening socket the third column, Send-Q, is its backlog.
        Assert.Equal("77", line[2]);
    }

    [SkippableFact]
    public async Task KeepAlive_IdleConnection_IsClosedAfterItAndNotBefore()
    {
        UnixProcess.RequireLinux();
        using var brief = new ContentRoot();
        using var lasting = new ContentRoot();
        await using var impatient = await HostProcess.StartAsync(brief, ("TIMEOUT_KEEP_ALIVE", "1"));
        await using var patient = await HostProcess.StartAsync(lasting, ("TIMEOUT_KEEP_ALIVE", "1d"));
        using var first = await ConnectAsync(patient);
        using var second = await ConnectAsync(impatient);

        using var limit = new CancellationTokenSource(Bound);
        Assert.Equal(0, await second.GetStream().ReadAsync(new byte[1], limit.Token));

        Assert.False(first.Client.Poll(0, SelectMode.SelectRead), "The connection that may be idle for a day is closed too.");
    }

    [SkippableFact]
    public async Task Tls_RenewedFiles_AreServedWithoutARestart()
    {
        Pem.RequireOpenSsl();
        using var pem = new Pem().Make("server").Make("renewed");
        using var root = new ContentRoot();
        await using var host = await HostProcess.StartAsync(root, HostTls.SettingsOf(pem));
        Assert.Equal("https", host.Address.Scheme);
        Assert.Equal("CN=server", await SubjectAsync(host));

        pem.Write("server.key", pem.Read("renewed.key"));
        pem.Write("server.crt", pem.Read("renewed.crt"));

        await Eventually.BecomesAsync(async () => await SubjectAsync(host) == "CN=renewed", Bound, () => Task.FromResult(host.Output.ToString()));
    }

    [SkippableFact]
    public async Task Tls_FilesThatWillNotDo_EndTheStartWithAllOfThemNamed()
    {
        Pem.RequireOpenSsl();
        using var pem = new Pem().Make("server");
        using var root = new ContentRoot().With("hello", "hello");
        await using var host = HostProcess.Launch(
            root, [.. HostTls.SettingsOf(pem), ("SSL_CERTFILE", pem.PathOf("none.crt")), ("SSL_CA_CERTS", pem.PathOf("server.key"))]);

        Assert.Equal(1, await host.WaitForExitAsync());
        var lines = host.Output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["SSL_CERTFILE", "SSL_CA_CERTS"], lines.Select(line => line.Split(':')[0]));
        Assert.Null(root.SocketDirectory);
        Assert.Empty(root.RecordedWorkers);
    }

    [SkippableTheory]
    [InlineData("127.0.0.1", "https functions.example 203.0.113.9")]
    [InlineData("127.0.0.0/8,203.0.113.0/24", "https functions.example 198.51.100.7")]
    [InlineData("*", "https functions.example 198.51.100.7")]
    [InlineData("10.0.0.1", "http localhost 127.0.0.1")]
    public async Task Forwarded_BehindNginx_ClientIsTheOneBeforeTheTrustedProxies(string allowed, string client)
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot();
        await using var host = await HostProcess.StartAsync(root, ("FORWARDED_ALLOW_IPS", allowed));
        await using var nginx = await Nginx.StartAsync(host.Address);
        nginx.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7, 203.0.113.9");

        Assert.Equal(client, await nginx.Client.GetStringAsync(new Uri("/client?key=secret", UriKind.Relative)));

        var address = client.Split(' ')[2];
        await Eventually.BecomesAsync(() => host.Output.Find($"GET /client 200 in ") is not null, Bound, host.Output.ToString);
        Assert.Contains($"from {address} ", host.Output.Find("GET /client 200 in ")!, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", host.Output.Text, StringComparison.Ordinal);
    }

    /// <summary>nginx on the same machine is a loopback peer and sends a local Host: what gives it away are the headers that it adds.</summary>
    [SkippableFact]
    public async Task Management_BehindNginx_IsRefused()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot();
        await using var host = await HostProcess.StartAsync(root);
        await using var nginx = await Nginx.StartAsync(host.Address);

        using var direct = await host.Client.GetAsync(new Uri("/api/v1/env/system", UriKind.Relative));
        using var proxied = await nginx.Client.GetAsync(new Uri("/api/v1/env/system", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (direct.StatusCode, proxied.StatusCode));
    }

    /// <summary>A connection on which one request has been answered.</summary>
    private static async Task<TcpClient> ConnectAsync(HostProcess host)
    {
        using var limit = new CancellationTokenSource(Bound);
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, limit.Token);
        await client.GetStream().WriteAsync("HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), limit.Token);
        var answer = new StringBuilder();
        var buffer = new byte[1024];
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            answer.Append(Encoding.ASCII.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer, limit.Token)));
        }

        return client;
    }

    private static async Task<string?> SubjectAsync(HostProcess host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null, // Only what is shown is looked at.
        });
        return stream.RemoteCertificate!.Subject;
    }
}
