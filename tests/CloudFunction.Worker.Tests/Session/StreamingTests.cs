using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;

namespace CloudFunction.Worker.Tests.Session;

public sealed class StreamingTests
{
    private const string Source = """
        public static class Gate
        {
            public static readonly TaskCompletionSource Next = new();
            public static volatile int Made;
            public static volatile bool Ended;
        }

        public sealed class Numbers : IStreamingFunction<int, int>
        {
            public async IAsyncEnumerable<int> InvokeAsync(
                int count, FunctionContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                for (var i = 1; i <= count; i++)
                {
                    yield return i;
                    await Task.Yield();
                }
            }
        }

        public sealed class TwoSteps : IStreamingFunction<bool, string>
        {
            public async IAsyncEnumerable<string> InvokeAsync(
                bool fails, FunctionContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                yield return "first";
                await Gate.Next.Task;
                yield return "second";
                yield return "third";
                if (fails)
                {
                    throw new ArithmeticException("No more.");
                }
            }
        }

        public sealed class Endless : IStreamingFunction<int, string>
        {
            public async IAsyncEnumerable<string> InvokeAsync(
                int length, FunctionContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                try
                {
                    for (var item = new string('x', length); ; Gate.Made++)
                    {
                        yield return item;
                        if (length == 0)
                        {
                            await Task.Delay(Timeout.Infinite, cancellationToken);
                        }
                    }
                }
                finally
                {
                    Gate.Ended = true;
                }
            }
        }

        public sealed class Odd
        {
            public int Number { get; init; }
            public string Text => Number < 3 ? new string('é', Number) : throw new InvalidOperationException("There is no text.");
        }

        public sealed class Odds : IStreamingFunction<int, Odd>
        {
            public async IAsyncEnumerable<Odd> InvokeAsync(
                int count, FunctionContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                for (var i = 1; i <= count; i++)
                {
                    yield return new Odd { Number = i };
                }
            }
        }

        public sealed class Raw : IStreamingFunction<string, JsonElement>
        {
            public async IAsyncEnumerable<JsonElement> InvokeAsync(
                string json, FunctionContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                yield return JsonElement.Parse(json);
            }
        }

        public sealed class LeavesBadly : IStreamingFunction<int, int>, IAsyncDisposable
        {
            public async IAsyncEnumerable<int> InvokeAsync(
                int count, FunctionContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                try
                {
                    yield return 1;
                }
                finally
                {
                    throw new ArithmeticException("Badly.");
                }
            }

            public ValueTask DisposeAsync()
            {
                Gate.Ended = true;
                return default;
            }
        }

        public sealed class Startup : IFunctionStartup
        {
            public void ConfigureServices(IServiceCollection services, IConfiguration configuration) =>
                services.Configure<FunctionJsonOptions>(o => o.SerializerOptions.WriteIndented = true);
        }
        """;

    private const string Usings = "using System.Runtime.CompilerServices;\n";

    [Theory]
    [InlineData(ItemEncoding.Lines, 3, "1\n2\n3\n")]
    [InlineData(ItemEncoding.Lines, 0, "")]
    [InlineData(ItemEncoding.Events, 2, "data: 1\n\ndata: 2\n\n")]
    [InlineData(ItemEncoding.Array, 3, "[1,2,3]")]
    [InlineData(ItemEncoding.Array, 0, "[]")]
    internal void Invoke_OfItems_ComeAsTheCallerWantsThem(ItemEncoding items, int count, string expected)
    {
        using var host = Load();

        Assert.Equal(expected, Whole(host, host.Invoke("numbers", $"{count}", items: items)));
    }

    [Fact]
    public void Invoke_AnItemIsThere_LeavesBeforeTheNextOne()
    {
        using var host = Load();
        var stream = host.Invoke("two-steps", "false", items: ItemEncoding.Lines);

        Assert.Equal((FrameType.Data, "\"first\"\n"), TypeAndText(host.NextOf(stream)));
        host.Static<TaskCompletionSource>("Gate", "Next").SetResult();

        Assert.Equal("\"second\"\n\"third\"\n", Whole(host, stream));
    }

    [Fact]
    public void Invoke_FunctionThrowsInTheMiddle_SendsWhatCameBeforeAndThenTheFailure()
    {
        using var host = Load();
        host.Static<TaskCompletionSource>("Gate", "Next").SetResult();
        var stream = host.Invoke("two-steps", "true", items: ItemEncoding.Lines);

        var (text, error) = UntilError(host, stream);

        Assert.Equal("\"first\"\n\"second\"\n\"third\"\n", text);
        Assert.Equal((FailureCode.FunctionFailed, "No more.", "System.ArithmeticException"), (error.Code, error.Message, error.ExceptionType));
    }

    [Fact]
    public void Invoke_AnItemHasNoJson_SendsNoPartOfIt()
    {
        using var host = Load();
        var stream = host.Invoke("odds", "4", items: ItemEncoding.Events);

        var (text, error) = UntilError(host, stream);

        Assert.Equal("data: {\"number\":1,\"text\":\"é\"}\n\ndata: {\"number\":2,\"text\":\"éé\"}\n\n", text);
        Assert.Contains("There is no text.", error.Message, StringComparison.Ordinal);
        Assert.Contains("There is no text.", host.ErrorOf(host.Invoke("odds", "4")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invoke_JsonOfSeveralLines_StaysOnOne()
    {
        using var host = Load();

        var line = Whole(host, host.Invoke("raw", """ "{\"a\":\r\n [1,\n2], \"b\": \"x\\ny\"}" """, items: ItemEncoding.Lines));

        Assert.Equal("""{"a":[1,2],"b":"x\ny"}""", line.TrimEnd('\n').Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(1, line.Count(character => character == '\n'));
    }

    [Fact]
    public void Invoke_HostGivesNoRoom_HoldsTheFunctionBack()
    {
        using var host = Load();
        var stream = host.Invoke("endless", "1000", items: ItemEncoding.Lines);
        var length = 0;
        while (length < CreditWindows.StreamBytes)
        {
            length += host.NextOf(stream).Payload.Length;
        }

        host.Peer.Send(FrameType.Ping, 0, new byte[8]);
        while (host.Peer.Next() is var frame && frame.Type != FrameType.Pong)
        {
            Assert.True(frame.Type != FrameType.Data, $"{frame} came without credit.");
        }

        // What was sent, and what waits to be: half a frame and one item more at most.
        Assert.InRange(host.Static<int>("Gate", "Made"), 60, 100);
        host.Peer.SendCredit(stream, 10_000);
        for (length = 0; length < 10_000;)
        {
            length += host.NextOf(stream).Payload.Length;
        }

        Assert.Equal(10_000, length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Cancel_WhileItStreams_EndsTheEnumerator(int length)
    {
        using var host = Load();
        var stream = host.Invoke("endless", $"{length}", items: ItemEncoding.Lines);
        Assert.Equal(FrameType.Data, host.NextOf(stream).Type);

        host.Peer.Send(FrameType.Cancel, stream, []);

        Assert.Equal(FailureCode.Cancelled, UntilError(host, stream).Error.Code);
        Assert.True(host.Static<bool>("Gate", "Ended"));
    }

    [Fact]
    public void Invoke_EnumeratorFailsWhenDisposed_IsTheFunctionsFailure()
    {
        using var host = Load();

        var (text, error) = UntilError(host, host.Invoke("leaves-badly", "1", items: ItemEncoding.Lines));

        Assert.Equal(("1\n", "Badly."), (text, error.Message));
        Assert.True(host.Static<bool>("Gate", "Ended"));
    }

    [Theory]
    [InlineData(ItemEncoding.Array)]
    [InlineData(ItemEncoding.Events)]
    internal void Invoke_PayloadDoesNotFit_IsSaidBeforeAnything(ItemEncoding items)
    {
        using var host = Load();

        var error = host.ErrorOf(host.Invoke("numbers", "\"many\"", items: items));

        Assert.Equal((FailureCode.InvalidPayload, "$"), (error.Code, error.Field));
    }

    [Theory]
    [InlineData(ItemEncoding.Array)]
    [InlineData(ItemEncoding.Lines)]
    internal void Invoke_ItemIsLargerThanResultsMayBe_IsTheFunctionsFailure(ItemEncoding items)
    {
        using var host = ScriptedHost.Load(Usings + Source, maxResponse: 5000);

        var error = host.ErrorOf(host.Invoke("endless", "6000", items: items));

        Assert.Contains("MAX_RESPONSE_BYTES", error.Message, StringComparison.Ordinal);
    }

    private static ScriptedHost Load() => ScriptedHost.Load(Usings + Source);

    private static (FrameType Type, string Text) TypeAndText(Frame frame) => (frame.Type, frame.Text);

    private static string Whole(ScriptedHost host, uint stream)
    {
        var text = "";
        while (true)
        {
            var frame = host.NextOf(stream);
            Assert.True(frame.Type != FrameType.Error, frame.Type == FrameType.Error ? ErrorMessage.Decode(frame.Payload).Message : "");
            text += frame.Text;
            if (frame.Type == FrameType.End)
            {
                return text;
            }
        }
    }

    private static (string Text, ErrorMessage Error) UntilError(ScriptedHost host, uint stream)
    {
        var text = "";
        while (true)
        {
            var frame = host.NextOf(stream);
            if (frame.Type == FrameType.Error)
            {
                return (text, ErrorMessage.Decode(frame.Payload));
            }

            Assert.True(frame.Type == FrameType.Data, $"{frame}: {frame.Text}");
            text += frame.Text;
        }
    }
}
