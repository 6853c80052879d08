using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>Errors in the place of an answer, or in the midst of one, whose status is a success.</summary>
public sealed class ReportedErrorTests
{
    private const string Text = """data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}""";

    /// <summary>Each shape, what it means, and whether the request is tried again.</summary>
    public static TheoryData<string, string, bool> Bodies() => new()
    {
        { """{"error":{"message":"Rate limit reached for requests","code":"1302"}}""", "Rate limit reached for requests (code 1302)", true },
        {
            """{"id":"x","choices":null,"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}}""",
            "insufficient balance (code 1008)", false
        },
        { """{"base_resp":{"status_code":1002,"status_msg":"triggered RPM limit"}}""", "triggered RPM limit (code 1002)", true },
        { """{"choices":[],"base_resp":{"status_code":2013,"status_msg":"invalid params"}}""", "invalid params (code 2013)", false },
        { """{"error":"no such model"}""", "no such model", false },
        { """{"error":{"message":"Service is busy","type":"overloaded_error"}}""", "Service is busy (type overloaded_error)", true },
        { """{"error":{"code":429,"message":"Too fast","status":"RESOURCE_EXHAUSTED"}}""", "Too fast (code 429)", true },
        { """[{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT"}}]""", "API key not valid (code 400)", false },
        {
            """{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}""",
            "You exceeded your current quota (code insufficient_quota)", false
        },
        {
            """{"error":{"message":"Provider returned error","code":502,"metadata":{"raw":"upstream is gone"}}}""",
            "Provider returned error: upstream is gone (code 502)", true
        },
        {
            """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}""",
            "prompt is too long (type invalid_request_error)", false
        },
        { """{"object":"error","message":"The model does not exist","code":404}""", "The model does not exist (code 404)", false },
        { """{"message":"Unauthorized"}""", "Unauthorized", false },
        { """{"detail":"Not authenticated"}""", "Not authenticated", false },
        { """{"detail":[{"loc":["body","model"],"msg":"field required","type":"missing"}]}""", "field required", false },
        { """{"code":"InvalidApiKey","msg":"key is wrong"}""", "key is wrong (code InvalidApiKey)", false },
        { """{"code":503,"msg":"later, please"}""", "later, please (code 503)", true },
        { """{"error_code":18,"error_msg":"Open api qps request limit reached"}""", "Open api qps request limit reached (code 18)", false },
        { """{"errors":[{"message":"first"},{"message":"second"}]}""", "first; second", false },
        { """{"header":{"code":10013,"message":"blocked"}}""", "blocked (code 10013)", false },
        { """{"title":"Bad Gateway","status":502}""", "Bad Gateway (code 502)", true },
        { """{"error":{"code":"E7"}}""", """{"error":{"code":"E7"}}""", false },
        { """{"choices":[],"code":50001,"message":"model overloaded"}""", "model overloaded (code 50001)", true },
        { """{"choices":[],"message":"no such model"}""", "no such model", false },
        { """{"choices":[{"index":0,"delta":{}}],"code":500,"message":"internal"}""", "internal (code 500)", true },
        { """{"choices":[{"index":0,"message":{"role":"assistant","content":""}}],"code":"E1","msg":"bad"}""", "bad (code E1)", false },
        { """{"Code":"Throttling","Message":"Requests are too many"}""", "Requests are too many (code Throttling)", true },
        { """{"ERROR":{"MESSAGE":"bad"}}""", "bad", false },
        { """{"ErrCode":7,"ErrMsg":"bad"}""", "bad (code 7)", false },
        { """{"exception":"boom"}""", "boom", false },
        { """{"Exception":{"errorMessage":"boom","errorType":"ValueError"}}""", "boom", false },
        { """{"output":{"error":"boom"}}""", "boom", false },
        { """{"data":{"code":429,"msg":"slow"}}""", "slow (code 429)", true },
        { """{"response":{"status":"failed","error":{"message":"boom"}}}""", "boom (code failed)", false },
        { """{"code":500,"msg":null}""", """{"code":500,"msg":null}""", true },
        { """{"statusCode":503,"statusText":"unavail"}""", "unavail (code 503)", true },
        { """{"type":"error","detail":{"reason":"boom"}}""", "boom", false },
        { """{"status":"failed"}""", """{"status":"failed"}""", false },
        { """[{"ok":true},{"error":{"message":"boom"}}]""", "boom", false },
        { """{"choices":[{"index":0,"delta":{"error":"boom"}}]}""", "boom", false },
        { """{"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}""", "it ended with the finish_reason error", false },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_ThatReportsAnError_GivesItsReason(string body, string reason, bool isTransient)
    {
        foreach (var kind in new[] { "whole", "stream of JSON", "stream", "event" })
        {
            var sent = kind switch { "stream" => $"data: {body}\n\ndata: [DONE]\n\n", "event" => $"event: error\ndata: {body}\n\n", _ => body };
            await using var server = await OpenAiServer.StartAsync();
            server.ThenBody(sent).ThenBody(sent);
            await using var project = LlmProject.At(server, options => options.MaxRetries = 1);

            var error = await Assert.ThrowsAsync<LlmRequestException>(() => AskAsync(project.Client, streams: kind != "whole"));

            Assert.Equal(
                (kind, $"The language model provider 'local' reported an error: {reason} (model local-model).", (HttpStatusCode?)null),
                (kind, error.Message, error.StatusCode));
            Assert.Equal((kind, isTransient ? 2 : 1), (kind, server.Requests.Count));
            Assert.All(
                project.Logged.Where(l => l.StartsWith("Warning: Try ", StringComparison.Ordinal)),
                l => Assert.Contains(reason, l, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_WhoseFirstAnswerIsATransientError_IsAnsweredByTheNextTry(bool streams)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody("""{"choices":null,"base_resp":{"status_code":1002,"status_msg":"rate limit"}}""");
        _ = streams ? server.ThenStream("Hel", "lo") : server.ThenText("Hello");
        await using var project = LlmProject.At(server);

        Assert.Equal("Hello", await AskAsync(project.Client, streams));
    }

    [Fact]
    public async Task Stream_ThatReportsAnErrorAfterItsRole_IsTriedAgain()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody(Text.Replace("\"content\":\"Hello\"", "\"role\":\"assistant\",\"content\":\"\"", StringComparison.Ordinal)
            + "\n\ndata: {\"error\":{\"message\":\"overloaded\",\"code\":\"503\"}}\n\n").ThenStream("Hello");
        await using var project = LlmProject.At(server);

        Assert.Equal("Hello", await AskAsync(project.Client, streams: true));
    }

    [Theory]
    [InlineData("""data: {"error":{"message":"boom","code":"500"}}""", "boom (code 500)")]
    [InlineData("event: error\ndata: {\"message\":\"boom\"}", "boom")]
    [InlineData("event: error\ndata: boom", "boom")]
    [InlineData("event:error\ndata:", "it gave no reason")]
    [InlineData(
        """data: {"id":"c","error":{"code":"gone","message":"boom"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}""",
        "boom (code gone)")]
    [InlineData("""data: {"id":"c","choices":[{"index":0,"delta":{},"error":{"message":"boom"}}]}""", "boom")]
    [InlineData("""data: {"choices":[],"base_resp":{"status_code":1027,"status_msg":"boom"}}""", "boom (code 1027)")]
    [InlineData("""data: {"choices":[{"index":0,"delta":{"content":" and"}}],"code":500,"message":"boom"}""", "boom (code 500)")]
    [InlineData("""data: {"choices":[{"index":0,"delta":{"content":" and"},"finish_reason":"error"}]}""", "it ended with the finish_reason error")]
    [InlineData("data: Internal Server Error", "Internal Server Error")]
    [InlineData("data: \"Internal error\"", "Internal error")]
    [InlineData("data: [ERROR] it is over", "[ERROR] it is over")]
    [InlineData("data: 服务器繁忙", "服务器繁忙")]
    [InlineData("data: <html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway")]
    [InlineData("<html>\n<head><title>502 Bad Gateway</title></head>\n</html>", "502 Bad Gateway")]
    [InlineData("{\"error\":\"boom\"}", "boom")]
    [InlineData("{\n  \"error\": {\n    \"message\": \"boom\"\n  }\n}", "boom")]
    [InlineData("event: ERROR\ndata: boom", "boom")]
    [InlineData("event:  error\ndata: boom", "boom")]
    [InlineData("event: failed\ndata: {\"id\":\"r\"}", "{\"id\":\"r\"}")]
    [InlineData("event: exception\ndata: boom", "boom")]
    [InlineData("event: response.failed\ndata: {\"response\":{\"error\":{\"message\":\"boom\"}}}", "boom")]
    public async Task Stream_ThatReportsAnErrorAfterText_GivesTheTextAndThenFails(string error, string reason)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody($"{Text}\n\n{error}\n\ndata: [DONE]\n\n", "text/event-stream");
        await using var project = LlmProject.At(server);
        var text = "";

        var exception = await Assert.ThrowsAsync<LlmRequestException>(async () =>
        {
            await foreach (var update in project.Client.GetStreamingResponseAsync("Hi"))
            {
                text += update.Text;
            }
        });

        Assert.Equal("Hello", text);
        Assert.Equal($"The language model provider 'local' reported an error: {reason} (model local-model).", exception.Message);
        Assert.Single(server.Requests); // What was given is not given twice.
        Assert.Contains(project.Logged, l => l.StartsWith("Warning: A request to local failed: ", StringComparison.Ordinal));
    }

    /// <summary>Each word of a failure, in each of the places that it may be in, behind half an answer.</summary>
    [Fact]
    public async Task Stream_WithAnErrorOfAnyShapeAfterText_IsNeverASuccess()
    {
        await using var server = await OpenAiServer.StartAsync();
        await using var project = LlmProject.At(server, options => options.MaxRetries = 0);
        var random = new Random(20);
        string[] names = ["error", "Error", "exception", "errors", "err"];
        string[] codes = ["code", "Code", "error_code", "errorCode", "ErrCode", "status_code", "StatusCode"];
        string[] messages = ["message", "msg", "Message", "error_msg", "errorMessage", "detail", "statusText"];
        string[] choices = ["", "\"choices\":[],", "\"choices\":null,", "\"choices\":[{\"index\":0,\"delta\":{}}],"];
        for (var i = 0; i < 300; i++)
        {
            var about = $"\"{codes[random.Next(codes.Length)]}\":{(random.Next(2) == 0 ? "500" : "\"E1\"")},"
                + $"\"{messages[random.Next(messages.Length)]}\":\"boom {i}\"";
            var inner = random.Next(2) == 0 ? about : $"\"{names[random.Next(names.Length)]}\":{{{about}}}";
            var piece = $"{{{choices[random.Next(choices.Length)]}\"id\":\"c\",{inner}}}";
            server.ThenBody($"{Text}\n\n{(random.Next(3) == 0 ? "" : "data: ")}{piece}\n\ndata: [DONE]\n\n");

            var exception = await Assert.ThrowsAsync<LlmRequestException>(() => AskAsync(project.Client, streams: true));
            Assert.Contains($"reported an error: boom {i}", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],"message":"成功","code":20000,"status":"completed"}""")]
    [InlineData("""{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],"error":{"code":0,"message":""},"exception":null}""")]
    [InlineData("""{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],"error":null,"code":"0","base_resp":{"status_code":0}}""")]
    [InlineData("""{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],"error":{},"detail":"fine","msg":"success"}""")]
    [InlineData("""{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop","error":""}],"error":"","code":200}""")]
    public async Task Answer_WithWordsLikeThoseOfAnError_IsNone(string body)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody(body).ThenBody($"data: {body}\n\n");
        await using var project = LlmProject.At(server);

        Assert.Equal("Hello", await AskAsync(project.Client, streams: false));
        Assert.Equal("Hello", await AskAsync(project.Client, streams: true));
    }

    [Theory]
    [InlineData("""{"detail":"no such deployment"}""", "answered 400: no such deployment (")]
    [InlineData("""{"error":"no such model"}""", "answered 400: no such model (")]
    [InlineData("""{"error":{"message":"bad","code":7}}""", "answered 400: bad (code 7) (")]
    [InlineData("""[{"error":{"message":"bad"}}]""", "answered 400: bad (")]
    [InlineData("""{"base_resp":{"status_code":2013,"status_msg":"bad"}}""", "answered 400: bad (code 2013) (")]
    [InlineData("<html><head><title>400 Bad Request</title></head><body>nginx</body></html>", "answered 400: 400 Bad Request (")]
    [InlineData("<html><body><h1>Not  here</h1></body></html>", "answered 400: Not here (")]
    [InlineData("plainly bad", "answered 400: plainly bad (")]
    public async Task Status_OfAnError_ComesWithItsReasonWhateverItsShape(string body, string expected)
    {
        foreach (var streams in new[] { false, true })
        {
            await using var server = await OpenAiServer.StartAsync();
            server.Then(http =>
            {
                http.Response.StatusCode = 400;
                return http.Response.WriteAsync(body);
            });
            await using var project = LlmProject.At(server);

            var error = await Assert.ThrowsAsync<LlmRequestException>(() => AskAsync(project.Client, streams));

            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    [InlineData(503)]
    public async Task Error_ThatSendsTheKeyBack_DoesNotShowIt(int status)
    {
        foreach (var body in new[]
        {
            """{"error":{"message":"wrong key: Bearer secret-key","code":"503"}}""",
            "<html>Authorization: Bearer secret-key",
            "event: error\ndata: secret-key\n\n",
        })
        {
            foreach (var streams in new[] { false, true })
            {
                await using var server = await OpenAiServer.StartAsync();
                Func<HttpContext, Task> answer = http =>
                {
                    http.Response.StatusCode = status;
                    return http.Response.WriteAsync(body);
                };
                server.Then(answer).Then(answer);
                await using var project = LlmProject.At(server, options => options.MaxRetries = 1);

                var error = await Assert.ThrowsAsync<LlmRequestException>(() => AskAsync(project.Client, streams));

                Assert.DoesNotContain("secret-key", error.ToString(), StringComparison.Ordinal);
                Assert.DoesNotContain(project.Logged, l => l.Contains("secret-key", StringComparison.Ordinal));
                Assert.Contains("***", error.Message, StringComparison.Ordinal);
            }
        }
    }

    private static async Task<string> AskAsync(IChatClient client, bool streams) => streams
        ? string.Concat(await client.GetStreamingResponseAsync("Hi").Select(u => u.Text).ToListAsync())
        : (await client.GetResponseAsync("Hi")).Text;
}
