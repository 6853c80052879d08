using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CloudFunction.Llm.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>How streams are framed, how they end, and what is none.</summary>
public sealed class StreamTests
{
    private const string Hello =
        """{"id":"c","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}""";

    private const string Stop = """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    [Theory]
    [InlineData("data: {hello}\n\ndata: {stop}\n\ndata: [DONE]\n\n")]
    [InlineData("data: {hello}\n\ndata: {stop}\n\n")]
    [InlineData("data: {hello}\n\ndata: [DONE]\n\n")]
    [InlineData("data: {hello}\n\ndata: [DONE]")]
    [InlineData("data: {hello}\n\ndata: {stop}")]
    [InlineData("data:{hello}\n\ndata:{stop}\n\ndata:[DONE]\n\n")]
    [InlineData("data: {hello}\r\n\r\ndata: {stop}\r\n\r\ndata: [DONE]\r\n\r\n")]
    [InlineData("data: {hello}\r\rdata: {stop}\r\rdata: [DONE]\r\r")]
    [InlineData("\ufeffdata: {hello}\n\ndata: {stop}\n\ndata: [DONE]\n\n")]
    [InlineData("\ufeff\n\n: waiting\n\n: waiting\n\ndata: {hello}\n\n: still there\ndata: {stop}\n\ndata: [DONE]\n\n")]
    [InlineData("data: {hello}\ndata: {stop}\ndata: [DONE]\n")]
    [InlineData("event: message\ndata: {hello}\nevent: message\ndata: {stop}\n\n")]
    [InlineData("id: 1\nretry: 5\nevent: message\ndata: {hello}\n\nevent: ping\ndata\n\ndata: ping\n\ndata:\n\ndata: {stop}\n\n")]
    [InlineData("event: queue\ndata: Position 3\n\ndata: keep-alive\n\ndata: 17\n\ndata: null\n\ndata: {hello}\n\ndata: {stop}\n\ndata: [done]\n\n")]
    [InlineData("event: ping\ndata: {\"type\":\"ping\"}\n\ndata: {hello}\n\ndata: {stop}\n\n")]
    [InlineData("data: {hello}\n\ndata: {stop}\n\ndata: \"[DONE]\"\n\ndata: {\"error\":\"after the end\"}\n\n")]
    [InlineData("data: {hello}\n\ndata: {stop}\n\ndata: {\"usa")]
    [InlineData("data: {\ndata: \"choices\":[{\"delta\":{\"content\":\ndata: \"Hello\"}}]}\n\ndata: {stop}\n\n")]
    public async Task Stream_HoweverItIsFramed_GivesItsText(string body)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody(Fill(body), "text/plain; charset=iso-8859-1");
        await using var project = LlmProject.At(server);

        Assert.Equal("Hello", await TextOfAsync(project.Client));
    }

    [Theory]
    [InlineData("data: {hello}\n\n", "Hello", "broke off: its stream ended without a finish_reason or [DONE]")]
    [InlineData("data: {hello}\n\n: waiting\n\n", "Hello", "broke off: its stream ended without")]
    [InlineData("data: {hello}\n\ndata: {\"id\":\"c\",\"choices\":[{\"ind", "Hello", "broke off: its stream ended without")]
    [InlineData(
        "data: {hello}\n\ndata: {oops}\n\ndata: [DONE]\n\n",
        "Hello", "answered with something other than a chat completion: an event that is not JSON; it begins: {oops} (")]
    [InlineData("", "", "answered with something other than a chat completion: an empty body")]
    [InlineData("\r\n\r\n", "", "answered with something other than a chat completion: an empty body")]
    [InlineData("data: [DONE]\n\n", "", "answered with something other than a chat completion: a stream without a choice")]
    [InlineData(
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\ndata: [DONE]\n\n",
        "", "answered with something other than a chat completion: a stream without a choice")]
    [InlineData(": waiting\n\n", "", "answered with something other than a chat completion: it begins: : waiting")]
    [InlineData(
        "<!doctype html>\n<html><head><title>Just a moment…</title></head></html>",
        "", "answered with something other than a chat completion: it begins: Just a moment…")]
    [InlineData("Hello there.\n", "", "answered with something other than a chat completion: it begins: Hello there.")]
    [InlineData("data: No such model\n\n", "", "reported an error: No such model (")]
    [InlineData("{\"a\":", "", "broke off: its stream ended")]
    [InlineData("{\"a\":oops}", "", "answered with something other than a chat completion: an event that is not JSON; it begins: {\"a\":oops} (")]
    [InlineData("{}", "", "answered with something other than a chat completion: it begins: {}")]
    [InlineData("[1]", "", "answered with something other than a chat completion: it begins: [1]")]
    public async Task Stream_ThatIsNotWhole_GivesWhatCameAndThenFails(string body, string expected, string reason)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody(Fill(body), "text/html");
        await using var project = LlmProject.At(server);
        var text = new StringBuilder();

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => TextOfAsync(project.Client, text));

        Assert.Equal(expected, text.ToString());
        Assert.StartsWith($"The language model provider 'local' {reason}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("(model local-model).", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_ThatFailsBeforeTheAnswerBegins_IsTriedAgain(bool streams)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Then(async http =>
        {
            await http.Response.WriteAsync(streams ? ": waiting\n\n" : "\n\n");
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        _ = streams ? server.ThenStream("Hel", "lo") : server.ThenText("Hello");
        await using var project = LlmProject.At(server);

        Assert.Equal("Hello", streams ? await TextOfAsync(project.Client) : (await project.Client.GetResponseAsync("Hi")).Text);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Connection_ThatFailsInTheMidstOfAWholeAnswer_IsNotTriedAgain()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Then(async http =>
        {
            http.Response.ContentLength = 1000; // Of which the server notices that they are not sent, and closes.
            await http.Response.WriteAsync("{\"choices\":[{\"mess");
        });
        await using var project = LlmProject.At(server);

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"));

        Assert.Contains("' broke off: ", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Connection_ThatFailsOnceTheAnswerHasEnded_DoesNotMatter()
    {
        await using var server = await OpenAiServer.StartAsync();
        var seen = new TaskCompletionSource();
        server.Then(async http =>
        {
            await http.Response.WriteAsync(Fill("data: {hello}\n\ndata: {stop}\n\n"));
            await http.Response.Body.FlushAsync();
            await seen.Task; // A reset throws away what the client has not read.
            http.Abort();
        });
        await using var project = LlmProject.At(server);
        var text = "";

        await foreach (var update in project.Client.GetStreamingResponseAsync("Hi"))
        {
            text += update.Text;
            if (update.FinishReason is not null)
            {
                seen.TrySetResult();
            }
        }

        Assert.Equal("Hello", text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_WithoutAnEnd_IsNotKeptInMemory(bool streams)
    {
        await using var server = await OpenAiServer.StartAsync();
        var gone = new TaskCompletionSource();
        server.Then(async http =>
        {
            var block = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
            await http.Response.WriteAsync(streams ? "data: {\"" : "{\"");
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(block);
            }

            gone.SetResult();
        });
        await using var project = LlmProject.At(server);

        var error = await Assert.ThrowsAsync<LlmRequestException>(
            () => (streams ? TextOfAsync(project.Client) : (Task)project.Client.GetResponseAsync("Hi")).WaitAsync(TimeSpan.FromSeconds(60)));

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("other than a chat completion: more than 32 MB in one piece", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WholeAnswer_ThatComesAsAStreamWithoutEnd_IsBounded()
    {
        var text = new string('x', 1 << 20);
        await using var body = new EndlessStream(Encoding.UTF8.GetBytes($$$"""data: {"choices":[{"delta":{"content":"{{{text}}}"}}]}{{{"\n\n"}}}"""));
        using var deadline = new AnswerDeadline(TimeSpan.FromMinutes(5), TimeProvider.System);

        var error = await Assert.ThrowsAsync<AnswerException>(() => WholeAnswer.ReadAsync(body, deadline, CancellationToken.None));

        Assert.Equal("more than 32 MB in a stream of one answer", error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_ThatIsNotCompressedAsItClaims_IsAClearError(bool streams)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Then(http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            return http.Response.WriteAsync(Fill("data: {hello}\n\n"));
        });
        await using var project = LlmProject.At(server);

        var error = await Assert.ThrowsAsync<LlmRequestException>(
            () => streams ? TextOfAsync(project.Client) : project.Client.GetResponseAsync("Hi"));

        Assert.Contains(
            "answered with something other than a chat completion: it is not compressed as its Content-Encoding claims (", error.Message,
            StringComparison.Ordinal);
    }

    /// <summary>Each recorded stream, sent to whoever asked for a whole answer.</summary>
    [Fact]
    public async Task Stream_InPlaceOfAWholeAnswer_MeansTheSame()
    {
        var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("weather", null, JsonElement.Parse("""{"type":"object"}"""))] };
        foreach (var exchange in Exchange.All.Where(e => e.Streams))
        {
            await using var server = await OpenAiServer.StartAsync();
            server.ThenBody(exchange.Body);
            await using var project = LlmProject.At(server);

            var response = await project.Client.GetResponseAsync("Hi", options);

            Assert.Equal((exchange.ToString(), exchange.Expected), (exchange.ToString(), Exchange.Describe(response)));
        }
    }

    [Theory]
    [InlineData("data: {hello}\n\n", "broke off: its stream ended without")]
    [InlineData("data: {hello}\n\ndata: {\"error\":\"boom\"}\n\ndata: [DONE]\n\n", "reported an error: boom")]
    [InlineData("event: error\ndata: boom\n\n", "reported an error: boom")]
    [InlineData("<html><title>Gone</title></html>", "answered with something other than a chat completion: it begins: Gone")]
    public async Task Stream_InPlaceOfAWholeAnswer_FailsAsAStreamDoes(string body, string reason)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody(Fill(body));
        await using var project = LlmProject.At(server);

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"));

        Assert.Contains($"' {reason}", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Members that nobody asked for cost nothing, whatever is in them.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_WithMembersThatNoReaderTakes_IsRead(bool streams)
    {
        var deep = string.Concat(Enumerable.Repeat("[{\"a\":", 300)) + "\"]\"" + string.Concat(Enumerable.Repeat("}]", 300));
        foreach (var member in new[] { "NaN", "-Infinity", "[Infinity,\"NaN \\\" NaN\"]", "\"a\tb\"", deep, $"{{\"x\":{deep},\"y\":[NaN]}}" })
        {
            await using var server = await OpenAiServer.StartAsync();
            var choice = $$"""{"index":0,"{{(streams ? "delta" : "message")}}":{"content":"NaN \"Hello"},"finish_reason":"stop"}""";
            var json = $$"""{"own":{{member}},"choices":[{{choice}}],"more":{{member}}}""";
            server.ThenBody(streams ? $"data: {json}\n\n" : json);
            await using var project = LlmProject.At(server);

            Assert.Equal("NaN \"Hello", streams ? await TextOfAsync(project.Client) : (await project.Client.GetResponseAsync("Hi")).Text);
        }
    }

    [Fact]
    public async Task Stream_ThatIsCompressed_IsRead()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Then(async http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            await using var zip = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
            await zip.WriteAsync(Encoding.UTF8.GetBytes(Fill("data: {hello}\n\ndata: {stop}\n\n")));
        });
        await using var project = LlmProject.At(server);

        Assert.Equal("Hello", await TextOfAsync(project.Client));
    }

    [Fact]
    public async Task Text_WhoseCharactersAreCutInTwo_HasReplacements()
    {
        await using var server = await OpenAiServer.StartAsync();
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes("""data: {"choices":[{"delta":{"content":"\ud83d"}}]}""" + "\n\n"),
            .. Encoding.UTF8.GetBytes("""data: {"choices":[{"delta":{"content":"\ude00 \ud83d\ude00 \\ud83d "}}]}""" + "\n\n"),
            .. Encoding.UTF8.GetBytes("data: {\"choices\":[{\"delta\":{\"content\":\"caf"),
            0xC3,
            .. Encoding.UTF8.GetBytes("\"}}]}\n\n"),
            .. Encoding.UTF8.GetBytes(Fill("data: {stop}\n\n")),
        ];
        server.Then(http => http.Response.Body.WriteAsync(body).AsTask());
        await using var project = LlmProject.At(server);

        Assert.Equal("\ufffd\ufffd 😀 \\ud83d caf\ufffd", await TextOfAsync(project.Client));
    }

    private static string Fill(string body) =>
        body.Replace("{hello}", Hello, StringComparison.Ordinal).Replace("{stop}", Stop, StringComparison.Ordinal);

    private static async Task<string> TextOfAsync(IChatClient client, StringBuilder? text = null)
    {
        text ??= new StringBuilder();
        await foreach (var update in client.GetStreamingResponseAsync("Hi"))
        {
            text.Append(update.Text);
        }

        return text.ToString();
    }
}
