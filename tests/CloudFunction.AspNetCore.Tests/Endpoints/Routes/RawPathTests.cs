using CloudFunction.AspNetCore.Endpoints.Routes;
using CloudFunction.Runtime.Tests;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Routes;

public sealed class RawPathTests
{
    [Fact]
    public void HasDotSegment_AnyText_IsWhatItsSegmentsAreOnceDecoded()
    {
        var found = 0;
        foreach (var text in Hostile.Texts(7, ["/", "/", ".", ".", "%2e", "%2E", "%2F", "%2f", "%", "%2", "%25", "a", "?", "#"], 50_000))
        {
            var path = text.Split('?', '#')[0]
                .Replace("%2e", ".", StringComparison.OrdinalIgnoreCase).Replace("%2f", "/", StringComparison.OrdinalIgnoreCase);
            var expected = path.Split('/').Any(segment => segment is "." or "..");
            found += expected ? 1 : 0;

            Assert.True(expected == RawPath.HasDotSegment(text), $"'{text}': {expected}");
        }

        Assert.InRange(found, 1000, 49_000);
    }

    [Theory]
    [InlineData("/fn/hello/greet/a%2F..%2Fb")]
    [InlineData("/fn/hello/greet/%2F%2e%2E")]
    public async Task Call_DotSegmentBehindAnEncodedSlash_Is400(string path)
    {
        await using var app = await TestApp.StartAsync();

        Assert.StartsWith("HTTP/1.1 400 ", await app.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: localhost"), StringComparison.Ordinal);
        Assert.Equal(0, app.Router.Calls);
    }
}
