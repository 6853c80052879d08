using Microsoft.AspNetCore.Builder;

namespace CloudFunction.AspNetCore.Tests.Pipeline;

public sealed class TrustedHostsTests
{
    [Theory]
    [InlineData("example.com", true)]
    [InlineData("EXAMPLE.com:8080", true)]
    [InlineData("example.com.", true)]
    [InlineData("a.wild.example", true)]
    [InlineData("a.b.wild.example", true)]
    [InlineData("wild.example", false)]
    [InlineData("evilwild.example", false)]
    [InlineData("a.example.com", false)]
    [InlineData("example.com.evil.example", false)]
    [InlineData("192.0.2.1", true)]
    [InlineData("[2001:db8:0::1]:80", true)]
    [InlineData("localhost", false)]
    [InlineData("", false)]
    public async Task Server_Host_IsTakenOnlyIfTrusted(string host, bool trusted)
    {
        await using var app = await StartAsync();

        var answer = await app.SendRawAsync($"GET / HTTP/1.1\r\nHost: {host}");

        if (trusted)
        {
            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
            return;
        }

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        var details = ApiAnswer.ShouldBeError(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], "INVALID_PARAMETERS");
        Assert.Equal("Host", details.Field());
    }

    [Theory]
    [InlineData("/health", 200)]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/health/../", 400)]
    [InlineData("/healthy", 400)]
    public async Task Server_HealthOfAnyHost_IsTold(string path, int status)
    {
        await using var app = await StartAsync();

        Assert.StartsWith($"HTTP/1.1 {status}", await app.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: 198.51.100.7"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_ForwardedHost_IsTheOneThatIsChecked()
    {
        await using var app = await StartAsync();

        Assert.StartsWith(
            "HTTP/1.1 200", await app.SendRawAsync("GET / HTTP/1.1\r\nHost: inner\r\nX-Forwarded-Host: example.com"), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 400", await app.SendRawAsync("GET / HTTP/1.1\r\nHost: example.com\r\nX-Forwarded-Host: inner"), StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync() => TestApp.StartAsync(
        static options =>
            (options.Host, options.Port, options.TrustedHosts) = ("127.0.0.1", 0, ["example.com", "*.wild.example", "192.0.2.1", "2001:db8::1"]),
        static builder => builder.AddCloudFunctionServer());
}
