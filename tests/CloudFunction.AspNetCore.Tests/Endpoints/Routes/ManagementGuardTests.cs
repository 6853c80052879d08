using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Routes;

public sealed class ManagementGuardTests
{
    private const string Key = "correct horse";

    [Theory]
    [InlineData("Authorization", "Bearer correct horse")]
    [InlineData("Authorization", "bearer correct horse")]
    [InlineData("X-API-Key", "correct horse")]
    public async Task Guard_AdminKey_Opens(string name, string value)
    {
        await using var app = await TestApp.StartAsync(static options => options.AdminKey = Key);

        Assert.Equal(200, await StatusAsync(app, (name, value)));
        Assert.Equal(200, await StatusAsync(app, (name, value), ("X-Forwarded-For", "203.0.113.9"), ("Host", "example.com")));
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic Y29ycmVjdCBob3JzZQ==")]
    [InlineData("Authorization", "correct horse")]
    [InlineData("X-API-Key", "Correct horse")]
    [InlineData("X-Other", "correct horse")]
    public async Task Guard_WrongOrNoKey_Is401EvenForALocalCaller(string name, string value)
    {
        await using var app = await TestApp.StartAsync(static options => options.AdminKey = Key);

        Assert.Equal(401, await StatusAsync(app, (name, value)));
        Assert.Empty(app.Operations.Acts);
    }

    [Fact]
    public async Task Guard_NoKey_SaysHowToSendIt()
    {
        await using var app = await TestApp.StartAsync(static options => options.AdminKey = Key);

        using var response = await app.Client.GetAsync("/status");

        await response.ShouldFailAsync(401, "AUTHENTICATION_ERROR");
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Contains("X-API-Key", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("?key=correct%20horse")]
    [InlineData("?API_KEY=correct%20horse")]
    [InlineData("?access_token=correct%20horse")]
    public async Task Guard_KeyInTheQuery_IsRefusedEvenWithTheHeader(string query)
    {
        await using var app = await TestApp.StartAsync(static options => options.AdminKey = Key);
        app.Client.DefaultRequestHeaders.Add("X-API-Key", Key);

        using var response = await app.Client.GetAsync("/status" + query);

        await response.ShouldFailAsync(401, "AUTHENTICATION_ERROR");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3:80")]
    [InlineData("[::1]:8080")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Guard_DirectLocalCaller_NeedsNoKey(string host)
    {
        await using var app = await TestApp.StartAsync();

        Assert.Equal(200, await StatusAsync(app, ("Host", host)));
        Assert.Equal(200, await StatusAsync(app, ("Host", host), ("Origin", "http://" + host.ToLowerInvariant())));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("localhost.example.com")]
    [InlineData("127.0.0.1.nip.io")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0.0.0.0")]
    [InlineData("192.168.0.1")]
    public async Task Guard_ForeignHost_IsRefused(string host)
    {
        await using var app = await TestApp.StartAsync();

        Assert.Equal(401, await StatusAsync(app, ("Host", host)));
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://localhost:8081")]
    [InlineData("https://localhost:8080")]
    [InlineData("http://localhost")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://user@localhost:8080")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Guard_ForeignOrigin_IsRefused(string origin)
    {
        await using var app = await TestApp.StartAsync();

        Assert.Equal(200, await StatusAsync(app, ("Host", "localhost:8080"), ("Origin", "http://localhost:8080")));
        Assert.Equal(401, await StatusAsync(app, ("Host", "localhost:8080"), ("Origin", origin)));
    }

    [Theory]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("x-forwarded-proto", "http")]
    [InlineData("X-Forwarded-Anything", "1")]
    [InlineData("X-Original-For", "127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    public async Task Guard_ForwardingHeader_IsRefused(string name, string value)
    {
        await using var app = await TestApp.StartAsync();

        Assert.Equal(401, await StatusAsync(app, (name, value)));
        Assert.Equal(403, await StatusAsync(app, (name, value), ("X-API-Key", "some key")));
    }

    [Fact]
    public async Task Guard_ForwardedHeadersMiddlewareSaysLoopback_IsStillRefused()
    {
        await using var app = await TestApp.StartAsync(routes: static app =>
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All };
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            app.UseForwardedHeaders(options);
            app.MapCloudFunctions();
        });

        Assert.Equal(401, await StatusAsync(app, ("X-Forwarded-For", "127.0.0.1")));
    }

    /// <summary>Middleware may write what it likes into HttpContext.Connection: in either direction it must not matter.</summary>
    [Theory]
    [InlineData("203.0.113.9", 200)]
    [InlineData("127.0.0.1", 200)]
    public async Task Guard_RewrittenRemoteAddress_DoesNotMatter(string claimed, int expected)
    {
        await using var app = await TestApp.StartAsync(routes: app =>
        {
            app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Parse(claimed);
                return next(context);
            });
            app.MapCloudFunctions();
        });

        Assert.Equal(expected, await StatusAsync(app));
    }

    [SkippableFact]
    public async Task Guard_PeerThatIsNotLoopback_IsRefusedWhateverMiddlewareClaims()
    {
        var address = Array.Find(Dns.GetHostAddresses(Dns.GetHostName()), each => each.GetAddressBytes().Length == 4 && !IPAddress.IsLoopback(each));
        Skip.If(address is null, "This machine has no address but loopback.");
        await using var app = await TestApp.StartAsync(
            services: builder => builder.Configuration["urls"] = $"http://{address}:0",
            routes: static app =>
            {
                app.Use((context, next) =>
                {
                    context.Connection.RemoteIpAddress = IPAddress.Loopback;
                    return next(context);
                });
                app.MapCloudFunctions();
            });

        Assert.Equal(401, await StatusAsync(app, ("Host", "localhost")));
    }

    [Fact]
    public async Task Guard_PublicRoutes_NeedNothing()
    {
        await using var app = await TestApp.StartAsync(static options => options.AdminKey = Key);
        app.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");

        foreach (var path in new[] { "/", "/health", "/health/live", "/health/ready" })
        {
            Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync(path)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await app.InvokeAsync()).StatusCode);
    }

    private static async Task<int> StatusAsync(TestApp app, params (string Name, string Value)[] headers)
    {
        var host = headers.Any(static header => header.Name == "Host") ? "" : "\r\nHost: localhost";
        var answer = await app.SendRawAsync(
            "GET /api/v1/projects HTTP/1.1" + host + string.Concat(headers.Select(static header => $"\r\n{header.Name}: {header.Value}")));
        var status = int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), System.Globalization.CultureInfo.InvariantCulture);
        if (status != 200)
        {
            ApiAnswer.ShouldBeError(
                answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], status == 403 ? "AUTHORIZATION_ERROR" : "AUTHENTICATION_ERROR");
        }

        return status;
    }
}
