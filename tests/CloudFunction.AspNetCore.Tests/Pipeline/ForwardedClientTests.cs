using System.Net;
using CloudFunction.AspNetCore.Pipeline;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Tests.Pipeline;

public sealed class ForwardedClientTests
{
    [Theory]
    [InlineData("10.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "203.0.113.9:4711", "203.0.113.9")]
    [InlineData("10.0.0.1", "2001:db8::1", "2001:db8::1")]
    [InlineData("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9")]
    // The client's own claim stands left of what the proxies saw.
    [InlineData("10.0.0.1", "127.0.0.1, 203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "127.0.0.1, 203.0.113.9, 10.0.0.2", "203.0.113.9")]
    [InlineData("10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3")]
    // Nobody's word counts beyond what cannot be read.
    [InlineData("10.0.0.1", "203.0.113.9, unknown, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "10.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("192.0.2.1", "203.0.113.9", "192.0.2.1")]
    public void Apply_Chain_ClientIsTheRightMostUntrustedHop(string peer, string chain, string client) =>
        Assert.Equal(IPAddress.Parse(client), Apply(["10.0.0.0/8"], peer, chain).Connection.RemoteIpAddress);

    [Theory]
    [InlineData("*", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.0/24", "192.0.2.77", true)]
    [InlineData("192.0.2.9/24", "192.0.2.77", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.77", true)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("fd00::/8", "192.0.2.1", false)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("192.0.2.2", "192.0.2.1", false)]
    public void Contains_Peer_AsTheListSays(string item, string peer, bool expected) =>
        Assert.Equal(expected, new TrustedProxies([item]).Contains(IPAddress.Parse(peer)));

    [Fact]
    public void Contains_PeerWithoutAnAddress_OnlyWhereAnyIsTrusted()
    {
        Assert.True(new TrustedProxies(["*"]).Contains(null));
        Assert.False(new TrustedProxies(["0.0.0.0/0", "::/0"]).Contains(null));
    }

    [Theory]
    [InlineData("https", "example.com", "https", "example.com")]
    [InlineData("HTTPS", "example.com:8443", "https", "example.com:8443")]
    [InlineData("https", "[2001:db8::1]:443", "https", "[2001:db8::1]:443")]
    [InlineData("ftp", "exa mple.com", "http", "own")]
    [InlineData("javascript", "user@example.com", "http", "own")]
    [InlineData("https:", "example.com/path", "http", "own")]
    [InlineData("", "example.com:port", "http", "own")]
    [InlineData("http://", "", "http", "own")]
    // One value for each hop: the client's own is on the left, the first proxy's next to it.
    [InlineData("http, https", "evil.example, example.com", "https", "example.com")]
    public void Apply_SchemeAndHost_AreTakenUnlessMalformed(string proto, string host, string scheme, string expected)
    {
        var request = Apply(["10.0.0.1"], "10.0.0.1", "203.0.113.9", proto, host).Request;

        Assert.Equal((scheme, expected), (request.Scheme, request.Host.Value));
    }

    [Fact]
    public void Apply_SchemeOfEachHop_IsThatOfTheClientsOwn() =>
        Assert.Equal("https", Apply(["10.0.0.0/8"], "10.0.0.1", "203.0.113.9, 10.0.0.2", "https, http").Request.Scheme);

    [Fact]
    public void Apply_UntrustedPeer_ChangesNothing()
    {
        var context = Apply(["10.0.0.1"], "192.0.2.1", "127.0.0.1", "https", "localhost");

        Assert.Equal(
            ("http", "own", "192.0.2.1"), (context.Request.Scheme, context.Request.Host.Value, context.Connection.RemoteIpAddress!.ToString()));
    }

    [Fact]
    public void Apply_Headers_StayAsTheyCame() =>
        Assert.Equal("127.0.0.1, 203.0.113.9", Apply(["*"], "10.0.0.1", "127.0.0.1, 203.0.113.9").Request.Headers["X-Forwarded-For"]);

    private static DefaultHttpContext Apply(string[] trusted, string peer, string chain, string? proto = null, string? host = null)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        (context.Request.Scheme, context.Request.Host) = ("http", new HostString("own"));
        context.Request.Headers["X-Forwarded-For"] = chain;
        context.Request.Headers["X-Forwarded-Proto"] = proto;
        context.Request.Headers["X-Forwarded-Host"] = host;
        new ForwardedClient(new TrustedProxies(trusted)).Apply(context);
        return context;
    }
}
