using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Http;

/// <summary>What a function gets as the path below its own route.</summary>
public sealed class PathBelowTests
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("/a", "/a")]
    [InlineData("/a/", "/a/")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/a%20b/%E4%B8%AD", "/a b/中")]
    [InlineData("/a+b", "/a+b")]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/a%2fb/c", "/a/b/c")]
    [InlineData("/%2Fa%2F/", "//a//")]
    [InlineData("/a%252Fb", "/a%2Fb")]
    [InlineData("/a%25252Fb", "/a%252Fb")]
    [InlineData("/a%252Fb/c%2Fd/%E4%B8%AD", "/a%2Fb/c/d/中")]
    [InlineData("/100%25", "/100%")]
    [InlineData("/100%", "/100%")]
    [InlineData("/%FF%2F", "/%FF/")]
    [InlineData("/a%2Fb?c=/d/e%2Ff", "/a/b")]
    [InlineData("/fn/hello/greet/a%252Fb", "/fn/hello/greet/a%2Fb")]
    public async Task Call_AnyPath_IsDecodedOnce(string sent, string path)
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(new FakeHttpResult(200, [], "body"));

        var answer = await app.SendRawAsync($"GET /fn/hello/greet{sent} HTTP/1.1\r\nHost: localhost");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(path, PathOf(app));
    }

    [Fact]
    public async Task Call_TargetWithItsHost_IsDecodedOnce()
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(new FakeHttpResult(200, [], "body"));

        var answer = await app.SendRawAsync("GET http://localhost/fn/hello/greet/a%252Fb HTTP/1.1\r\nHost: localhost");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal("/a%2Fb", PathOf(app));
    }

    private static string PathOf(TestApp app)
    {
        var header = new InvokeHeader();
        var frame = app.Router.LastRequest.Http!.EncodeBehind(header);
        _ = InvokeHeader.Read(frame, out var length);
        return HttpRequestHead.Decode(frame.AsSpan(length + sizeof(int))).Path;
    }
}
