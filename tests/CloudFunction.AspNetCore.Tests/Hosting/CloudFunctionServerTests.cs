using System.Net;
using System.Net.Sockets;
using CloudFunction.AspNetCore.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudFunction.AspNetCore.Tests.Hosting;

public sealed class CloudFunctionServerTests
{
    [Fact]
    public async Task Server_Settings_ReachKestrelSocketAndHost()
    {
        await using var app = TestApp.Build(
            static options =>
            {
                options.Backlog = 77;
                options.KeepAliveTimeout = TimeSpan.FromSeconds(7);
                options.MaxRequestBytes = 4711;
                options.GracefulShutdownTimeout = TimeSpan.FromSeconds(20);
            },
            static builder => builder.AddCloudFunctionServer());

        var limits = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal(TimeSpan.FromSeconds(7), limits.KeepAliveTimeout);
        Assert.Equal(4711, limits.MaxRequestBodySize);
        Assert.Equal(77, app.Services.GetRequiredService<IOptions<SocketTransportOptions>>().Value.Backlog);
        Assert.True(app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout > TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("HOST")]
    [InlineData("PORT")]
    public async Task Server_HostOrPortSet_BeatsConfiguredUrls(string variable)
    {
        var taken = FreePort();
        await using var app = await TestApp.StartAsync(
            static options => (options.Host, options.Port) = ("127.0.0.1", 0),
            builder =>
            {
                builder.Configuration["urls"] = $"http://127.0.0.1:{taken}";
                builder.AddCloudFunctionServer();
            },
            setVariables: [variable]);

        var url = new Uri(Assert.Single(app.App.Urls));
        Assert.Equal("127.0.0.1", url.Host);
        Assert.NotEqual(taken, url.Port);
        Assert.NotEqual(0, url.Port);
    }

    [Fact]
    public async Task Server_NothingSet_LeavesConfiguredUrls()
    {
        var port = FreePort();
        await using var app = await TestApp.StartAsync(services: builder =>
        {
            builder.Configuration["urls"] = $"http://127.0.0.1:{port}";
            builder.AddCloudFunctionServer();
        });

        Assert.Equal($"http://127.0.0.1:{port}", Assert.Single(app.App.Urls));
    }

    [Theory]
    [InlineData("localhost", "http://127.0.0.1:")]
    [InlineData("::1", "http://[::1]:")]
    [InlineData("[::1]", "http://[::1]:")]
    [InlineData("0.0.0.0", "http://0.0.0.0:")]
    public async Task Server_Host_IsListenedOn(string host, string prefix)
    {
        await using var app = await TestApp.StartAsync(
            options => (options.Host, options.Port) = (host, 0), static builder => builder.AddCloudFunctionServer());

        Assert.StartsWith(prefix, Assert.Single(app.App.Urls));
    }

    [Fact]
    public async Task Server_PortInUse_ExitsBeforeAnythingStarts()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var app = TestApp.Build(
            options => (options.Host, options.Port) = ("127.0.0.1", port), static builder => builder.AddCloudFunctionServer());
        int? code = null;
        var addresses = ActivatorUtilities.CreateInstance<ListenAddresses>(app.Services);
        addresses.Exit = value => code = value;

        await addresses.StartingAsync(CancellationToken.None);

        Assert.Equal(1, code);
        Assert.Contains("in use", ListenProbe.Try($"http://127.0.0.1:{port}"), StringComparison.Ordinal);
        Assert.Null(ListenProbe.Try("http://127.0.0.1:0")); // Whichever is free; the one that was freed might be another test's by now.
    }

    /// <summary>Kestrel would end the process with a stack: it listens on more than one address for each of these.</summary>
    [SkippableTheory]
    [InlineData("::1", "localhost")]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("0.0.0.0", "[::]")]
    [InlineData("::", "*")]
    public void ListenProbe_OneOfSeveralAddressesInUse_IsTold(string used, string host)
    {
        var address = IPAddress.Parse(used);
        Skip.If(address.AddressFamily == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6, "There is no IPv6: enable it in the system.");

        using var other = new TcpListener(address, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        Assert.Equal("the port is in use", ListenProbe.Try($"http://{host}:{port}"));
    }

    [Fact]
    public async Task Server_UnknownRoute_IsNotFoundInTheContractsFormat()
    {
        await using var app = await TestApp.StartAsync(services: static builder => builder.AddCloudFunctionServer());

        using var response = await app.Client.GetAsync("/nothing/here");

        await response.ShouldFailAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Server_AppsOwnRoute_WrongMethodAndExceptionAreInTheContractsFormat()
    {
        await using var app = await TestApp.StartAsync(services: static builder => builder.AddCloudFunctionServer(), routes: static app =>
        {
            app.MapGet("/own", () => "own");
            app.MapGet("/broken", string () => throw new InvalidOperationException("secret cause"));
        });

        using var wrong = await app.Client.PostAsync("/own", null);
        await wrong.ShouldFailAsync(405, "INVALID_PARAMETERS");
        Assert.Equal(["GET"], wrong.Content.Headers.Allow);
        using var broken = await app.Client.GetAsync("/broken");
        await broken.ShouldFailAsync(500, "INTERNAL_ERROR");
        Assert.DoesNotContain("secret cause", await broken.Content.ReadAsStringAsync());
        Assert.Equal("own", await app.Client.GetStringAsync("/own"));
    }

    [Fact]
    public void Server_WithoutAddCloudFunctions_SaysWhatToCall()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddCloudFunctionServer();

        var exception = Assert.Throws<InvalidOperationException>(builder.Build);

        Assert.Contains("AddCloudFunctions()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoServer_SettingsOfItsOwn_AreNamedInOneWarning()
    {
        await using var app = await TestApp.StartAsync(setVariables: ["PORT", "TIMEOUT_KEEP_ALIVE"]);

        Assert.Contains("PORT, TIMEOUT_KEEP_ALIVE", Assert.Single(app.Log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Notice_NothingToSay_SaysNothing(bool server)
    {
        await using var app = await TestApp.StartAsync(
            static options => (options.Host, options.Port) = ("127.0.0.1", 0),
            builder => _ = server ? builder.AddCloudFunctionServer() : builder);

        Assert.Equal(server ? 0 : 1, app.Log.Lines.Count);
    }

    [Theory]
    [InlineData("0.0.0.0", true, "*", 1)]
    [InlineData("0.0.0.0", true, "10.0.0.1", 0)]
    [InlineData("0.0.0.0", false, "*", 0)]
    [InlineData("127.0.0.1", true, "*", 0)]
    public async Task Server_EveryPeerTrustedOnAPublicAddress_IsWarnedOf(string host, bool proxyHeaders, string peers, int warnings)
    {
        await using var app = await TestApp.StartAsync(
            options => (options.Host, options.Port, options.ProxyHeaders, options.ForwardedAllowIps) = (host, 0, proxyHeaders, [peers]),
            static builder => builder.AddCloudFunctionServer());

        Assert.Equal(warnings, app.Log.Lines.Count(line => line.Contains("FORWARDED_ALLOW_IPS is *", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Server_HostIsAName_AllItsAddressesAreListenedOn()
    {
        var name = Dns.GetHostName();
        var addresses = Array.FindAll(await Dns.GetHostAddressesAsync(name), static address => !address.IsIPv6LinkLocal).Distinct().ToArray();
        await using var app = await TestApp.StartAsync(
            options => (options.Host, options.Port) = (name, FreePort()), static builder => builder.AddCloudFunctionServer());

        Assert.All(addresses, address => Assert.Contains(
            app.App.Urls, url => url.Contains($"//{new IPEndPoint(address, 0).ToString()[..^1]}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Server_HostResolvesToNothing_ExitsBeforeAnythingStarts()
    {
        // RFC 6761, section 6.4: no resolver knows a name below "invalid".
        await using var app = TestApp.Build(static options => options.Host = "nowhere.invalid", static builder => builder.AddCloudFunctionServer());
        int? code = null;
        var addresses = ActivatorUtilities.CreateInstance<ListenAddresses>(app.Services);
        addresses.Exit = value => code = value;

        await addresses.StartingAsync(CancellationToken.None);

        Assert.Equal(1, code);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
