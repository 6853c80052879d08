using Microsoft.AspNetCore.Builder;

namespace CloudFunction.AspNetCore.Tests.Pipeline;

public sealed class AllowedOriginsTests
{
    [Theory]
    [InlineData("https://app.example", "https://app.example", "https://app.example", "true")]
    [InlineData("https://APP.example:443,http://other", "https://app.example", "https://app.example", "true")]
    [InlineData("https://b\u00fccher.example:8443", "https://xn--bcher-kva.example:8443", "https://xn--bcher-kva.example:8443", "true")]
    [InlineData("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080", "true")]
    [InlineData("*", "https://app.example", "*", null)]
    [InlineData("https://app.example", "http://app.example", null, null)]
    [InlineData("https://app.example", "https://app.example:8443", null, null)]
    [InlineData("https://app.example", "null", null, null)]
    [InlineData("", "https://app.example", null, null)]
    public async Task Server_Origin_IsAllowedAsListed(string allowed, string origin, string? answered, string? credentials)
    {
        await using var app = await StartAsync(allowed);
        using var request = new HttpRequestMessage(HttpMethod.Post, TestApp.GreetPath)
        {
            Content = new StringContent("{}", null, "application/json"),
        };
        request.Headers.Add("Origin", origin);

        using var response = await app.Client.SendAsync(request);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(answered, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal(credentials, Header(response, "Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Server_Preflight_IsAnswered()
    {
        await using var app = await StartAsync("https://app.example");

        using var response = await PreflightAsync(app, TestApp.GreetPath, "https://app.example");

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal("https://app.example", Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("POST", Header(response, "Access-Control-Allow-Methods"));
        Assert.Equal("content-type", Header(response, "Access-Control-Allow-Headers"));
        Assert.Equal(0, app.Router.Calls);
    }

    [Fact]
    public async Task Server_PreflightOfAnotherSite_AllowsNothing()
    {
        await using var app = await StartAsync("https://app.example");
        await using var none = await StartAsync("");

        using var refused = await PreflightAsync(app, TestApp.GreetPath, "https://evil.example");
        using var closed = await PreflightAsync(none, TestApp.GreetPath, "https://app.example");

        Assert.Null(Header(refused, "Access-Control-Allow-Origin"));
        Assert.Null(Header(closed, "Access-Control-Allow-Origin"));
        await closed.ShouldFailAsync(405, "INVALID_PARAMETERS");
    }

    /// <summary>A page in the browser of somebody on this machine is a local caller by its address, and must not manage the host.</summary>
    [Theory]
    [InlineData("*")]
    [InlineData("https://app.example")]
    public async Task Server_AllowedOrigin_OpensNoManagementRoute(string allowed)
    {
        await using var app = await StartAsync(allowed);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/projects/hello/stop");
        request.Headers.Add("Origin", "https://app.example");
        request.Headers.Host = "localhost";

        using var response = await app.Client.SendAsync(request);

        await response.ShouldFailAsync(401, "AUTHENTICATION_ERROR");
        Assert.Empty(app.Operations.Acts);
    }

    private static async Task<HttpResponseMessage> PreflightAsync(TestApp app, string path, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type");
        return await app.Client.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private static Task<TestApp> StartAsync(string allowed) => TestApp.StartAsync(
        options => (options.Host, options.Port, options.AllowedOrigins) = ("127.0.0.1", 0, allowed.Split(',', StringSplitOptions.RemoveEmptyEntries)),
        static builder => builder.AddCloudFunctionServer());
}
