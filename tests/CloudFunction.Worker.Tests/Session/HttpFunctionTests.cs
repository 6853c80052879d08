using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;

namespace CloudFunction.Worker.Tests.Session;

public sealed class HttpFunctionTests
{
    private const string Source = """
        public static class Gate
        {
            public static readonly TaskCompletionSource Go = new();
            public static volatile string? Seen;
        }

        public sealed class Echo : IHttpFunction
        {
            public async ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken)
            {
                http.StatusCode = 201;
                http.ResponseHeaders["X-Method"] = [http.Method];
                await http.RequestBody.CopyToAsync(http.ResponseBody, cancellationToken);
                http.ResponseTrailers["X-Last"] = ["1"];
            }
        }

        public sealed class Deaf : IHttpFunction
        {
            public async ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken) =>
                await Gate.Go.Task;
        }

        public sealed class Reads : IHttpFunction
        {
            public async ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken)
            {
                try
                {
                    await http.RequestBody.CopyToAsync(Stream.Null, CancellationToken.None);
                }
                catch (IOException e)
                {
                    Gate.Seen = e.Message;
                    throw;
                }
            }
        }

        public sealed class Late : IHttpFunction
        {
            public async ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken)
            {
                await http.ResponseBody.WriteAsync(new byte[1], cancellationToken);
                http.StatusCode = 404;
            }
        }

        // Its path is a header's name and value, how many bytes it writes, and whether it waits for them to leave.
        public sealed class Says : IHttpFunction
        {
            public async ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken)
            {
                var parts = http.Path.Split('/');
                http.ResponseHeaders[parts[1]] = parts[2].Split('|');
                var body = new byte[int.Parse(parts[3])];
                if (parts[4] == "sync")
                {
                    http.ResponseBody.Write(body);
                    return;
                }

                try
                {
                    await http.ResponseBody.WriteAsync(body, cancellationToken);
                }
                catch (InvalidOperationException e)
                {
                    throw new InvalidOperationException("At the write: " + e.Message);
                }
            }
        }

        public sealed class Trails : IHttpFunction
        {
            public ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken)
            {
                http.ResponseTrailers["Content-Length"] = ["1"];
                return default;
            }
        }

        public sealed class Plain : IFunction<int, int>
        {
            public ValueTask<int> InvokeAsync(int request, FunctionContext context, CancellationToken cancellationToken) => new(request);
        }
        """;

    private static readonly HttpRequestHead Request = new("POST", "/", "", []);

    [Fact]
    public void Invoke_BodyInParts_AnswersEachAsItComes()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.InvokeHttp("echo", Request, "one", whole: false);

        var head = HeadMessage.Decode(host.Peer.Next(FrameType.Head).Payload);
        Assert.Equal((201, "X-Method", "POST"), (head.Status, head.Headers[0].Key, head.Headers[0].Value));
        Assert.Equal((FrameType.Data, "one"), Seen(host.NextOf(stream)));
        host.Peer.Send(FrameType.Data, stream, "two"u8);
        Assert.Equal((FrameType.Data, "two"), Seen(host.NextOf(stream)));
        host.Peer.Send(FrameType.End, stream, "three"u8);
        Assert.Equal((FrameType.Data, "three"), Seen(host.NextOf(stream)));
        Assert.Equal("X-Last", HeadMessage.Decode(host.Peer.Next(FrameType.Trailers).Payload).Headers[0].Key);
        Assert.Equal((FrameType.End, ""), Seen(host.NextOf(stream)));
    }

    [Fact]
    public void Invoke_FunctionDoesNotRead_GetsNoMoreThanAWindowAndGivesTheConnectionsBack()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.InvokeHttp("deaf", Request, whole: false);
        host.Peer.Send(FrameType.Data, stream, new byte[40_000]);
        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        while (host.Peer.Next() is var frame && frame.Type != FrameType.Pong)
        {
            Assert.True(frame.Type != FrameType.Credit, $"{frame} though nothing was read.");
        }

        host.Static<TaskCompletionSource>("Gate", "Go").SetResult();

        Assert.Equal(200, HeadMessage.Decode(host.Peer.Next(FrameType.Head).Payload).Status);
        Assert.Equal(FrameType.End, host.NextOf(stream).Type);

        // The rest of the connection's window is as large as before: calls that fill it several times over still go through.
        for (var i = 0; i < 2 * CreditWindows.ConnectionBytes / 60_000; i++)
        {
            var next = host.InvokeHttp("deaf", Request, new string('x', 60_000));
            Assert.Equal(FrameType.End, host.NextOf(next).Type);
        }
    }

    [Fact]
    public void Cancel_WhileItReadsWithoutTheToken_EndsTheRead()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.InvokeHttp("reads", Request, "x", whole: false);

        host.Peer.Send(FrameType.Cancel, stream, []);

        Assert.Equal(FrameType.Error, host.NextOf(stream).Type);
        Assert.Contains("cancelled", host.Static<string>("Gate", "Seen"), StringComparison.Ordinal);
    }

    [Fact]
    public void Invoke_StatusAfterTheFirstWrite_IsTheFunctionsFailure()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.InvokeHttp("late", Request);

        Assert.Equal(FrameType.Data, host.NextOf(stream).Type);
        Assert.Contains("before the first write", host.ErrorOf(stream).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invoke_OfTheOtherKind_IsRefused()
    {
        using var host = ScriptedHost.Load(Source);

        Assert.Equal((FailureCode.InvalidPayload, "function"), CodeAndField(host.ErrorOf(host.InvokeHttp("plain", Request, "1"))));
        Assert.Equal((FailureCode.InvalidPayload, "function"), CodeAndField(host.ErrorOf(host.Invoke("echo", "1"))));
        Assert.Equal("1", host.ResultOf(host.Invoke("plain", "1")));
    }

    [Fact]
    public void Answer_HeaderThatCannotBeSent_FailsBeforeAnythingIs()
    {
        (string Name, string Value, int Bytes, string How)[] bad =
        [
            ("X-Bad", "a\rb", 1, "sync"), ("X-Bad", "a\rb", 1, "async"), ("X Bad", "a", 1, "sync"), ("", "a", 1, "async"),
            ("Content-Length", "abc", 1, "sync"), ("Content-Length", "abc", 1, "async"), ("Content-Length", "-1", 0, "sync"),
            ("content-length", "1|1", 1, "sync"), ("Content-Type", "a|b", 1, "async"), ("Content-Length", "2", 1, "sync"),
            ("Content-Length", "2", 3, "sync"), ("Content-Length", "2", 0, "sync"), ("Content-Length", "2", 3, "async"),
        ];
        using var host = ScriptedHost.Load(Source);
        foreach (var (name, value, bytes, how) in bad)
        {
            var error = FirstOf(host, host.InvokeHttp("says", Request with { Path = $"/{name}/{value}/{bytes}/{how}" }));

            Assert.Equal((FailureCode.FunctionFailed, "System.InvalidOperationException"), (error.Code, error.ExceptionType));
            Assert.Contains(name.Replace(' ', '?'), error.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(how == "async", error.Message.StartsWith("At the write: ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Answer_LessThanAnnounced_FailsAtItsEnd()
    {
        using var host = ScriptedHost.Load(Source);
        var stream = host.InvokeHttp("says", Request with { Path = "/Content-Length/2/1/async" });

        Assert.Equal(FrameType.Head, host.Peer.Next(FrameType.Head).Type);
        Assert.Equal(FrameType.Data, host.NextOf(stream).Type);
        Assert.Contains("'Content-Length' is 2, and the body has 1 bytes", host.ErrorOf(stream).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_LengthThatIsTheBodysOrOfABodyThatIsNotSent_IsSent()
    {
        (string Method, string Length, int Bytes, string How)[] good =
            [("HEAD", "2000", 1, "async"), ("HEAD", "2000", 0, "sync"), ("GET", "1", 1, "sync"), ("GET", "1", 1, "async"), ("GET", "0", 0, "sync")];
        using var host = ScriptedHost.Load(Source);
        foreach (var (method, length, bytes, how) in good)
        {
            host.InvokeHttp("says", Request with { Method = method, Path = $"/Content-Length/{length}/{bytes}/{how}" });

            var head = HeadMessage.Decode(host.Peer.Next(FrameType.Head).Payload);
            Assert.Contains(head.Headers, header => header.Key == "Content-Length" && header.Value == length);
            Assert.Equal(FrameType.End, host.Peer.Next(FrameType.End).Type);
        }
    }

    [Fact]
    public void Answer_TrailerThatIsNone_FailsBeforeAnythingIsSent()
    {
        using var host = ScriptedHost.Load(Source);

        Assert.Contains("'Content-Length' cannot be a trailer", FirstOf(host, host.InvokeHttp("trails", Request)).Message, StringComparison.Ordinal);
    }

    // A failure of which nothing was sent before, not even a head.
    private static ErrorMessage FirstOf(ScriptedHost host, uint stream)
    {
        Frame frame;
        do
        {
            frame = host.Peer.Next();
        }
        while (frame.StreamId != stream || frame.Type == FrameType.Credit);
        Assert.True(frame.Type == FrameType.Error, frame.ToString());
        return ErrorMessage.Decode(frame.Payload);
    }

    private static (FrameType Type, string Text) Seen(Frame frame) => (frame.Type, frame.Text);

    private static (FailureCode Code, string? Field) CodeAndField(ErrorMessage error) => (error.Code, error.Field);
}
