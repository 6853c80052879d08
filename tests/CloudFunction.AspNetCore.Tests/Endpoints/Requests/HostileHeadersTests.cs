using System.Net;
using CloudFunction.AspNetCore.Endpoints.Http;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Endpoints.Routes;
using CloudFunction.AspNetCore.Endpoints.Streaming;
using CloudFunction.AspNetCore.Pipeline;
using CloudFunction.Runtime.Tests;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Requests;

/// <summary>Headers of very many parts, far longer than a server takes them: what reads them must not do so many times.</summary>
public sealed class HostileHeadersTests
{
    private const int Length = 1 << 20;

    public static TheoryData<string> Pieces =>
    [
        ",", ", ", "a,", "a;", "a=1;", "\"", "\\", "\",\"", ";,", "*/*,", "a/b,", "a/b;q=0.1,", "application/json;",
        "1.1.1.1,", "::1,", "[", "]", ":", ".", "1.", " ", "%", "@", "/", "x",
    ];

    [Theory]
    [MemberData(nameof(Pieces))]
    public async Task Readers_HeaderOfRepetitions_ReadItOnce(string piece)
    {
        var proxies = new ForwardedClient(new TrustedProxies(["0.0.0.0/0", "::/0"]));
        var hosts = new TrustedHosts(["example.com", "*.example.org"]);
        (string Reader, Action<string> Read)[] readers =
        [
            ("Prefer", text => PreferHeader.AsksForAsync(text)),
            ("Accept", text => AcceptedItems.Of(With("Accept", text).Request)),
            ("Accept beside a format", text => AcceptedItems.Of(With("Accept", $"application/x-ndjson,{text}").Request)),
            ("Connection", text => EndToEndHeaders.Of(With("Connection", text).Request)),
            ("X-Forwarded-For", text => proxies.Apply(With("X-Forwarded-For", text))),
            ("X-Forwarded-Host", text => proxies.Apply(With("X-Forwarded-Host", text))),
            ("X-Forwarded-Proto", text => proxies.Apply(With("X-Forwarded-Proto", text))),
            ("Content-Type", text => JsonMediaType.Check(With("Content-Type", text).Request)),
            ("Content-Type of JSON", text => JsonMediaType.Check(With("Content-Type", $"application/json;{text}").Request)),
            ("Host", text => hosts.Check(With("Host", text).Request)),
            ("path", text => RawPath.HasDotSegment(text)),
        ];
        foreach (var (reader, read) in readers)
        {
            await Hostile.ReadAsync(
                () =>
                {
                    read(string.Concat(Enumerable.Repeat(piece, Length / piece.Length)));
                    return true;
                },
                reader);
            Hostile.AssertLinear(8000 / piece.Length, count => string.Concat(Enumerable.Repeat(piece, count)), read);
        }
    }

    private static DefaultHttpContext With(string header, string text)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Loopback } };
        context.Request.Headers[header] = text;
        return context;
    }
}
