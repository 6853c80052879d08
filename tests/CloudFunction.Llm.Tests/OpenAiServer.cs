using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Llm.Tests;

/// <summary>A real HTTP server that speaks the chat completions format of OpenAI, as the test has told it to.</summary>
internal sealed class OpenAiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();

    private OpenAiServer(WebApplication app) => _app = app;

    public ConcurrentQueue<RecordedRequest> Requests { get; } = new();

    public string Url => _app.Urls.Single();

    public static async Task<OpenAiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "http://127.0.0.1:0");
        var app = builder.Build();
        var server = new OpenAiServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Answers the next request so; requests beyond those get 418.</summary>
    public OpenAiServer Then(Func<HttpContext, Task> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public OpenAiServer ThenText(string text, int input = 11, int output = 7, string finishReason = "stop") =>
        Then(http => WriteJsonAsync(http, Completion(
            new JsonObject { ["role"] = "assistant", ["content"] = text }, input, output, finishReason)));

    public OpenAiServer ThenToolCall(string name, string arguments) => Then(http => WriteJsonAsync(http, Completion(
        new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = null,
            ["tool_calls"] = new JsonArray(new JsonObject
            {
                ["id"] = "call_1",
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
            }),
        },
        20,
        5,
        "tool_calls")));

    public OpenAiServer ThenStatus(int status, string? retryAfter = null) => Then(http =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        return http.Response.WriteAsJsonAsync(new { error = new { message = $"Told to say {status}.", type = "test" } });
    });

    public OpenAiServer ThenStream(params string[] parts) => Then(async http =>
    {
        await BeginStreamAsync(http);
        foreach (var part in parts)
        {
            await WriteChunkAsync(http, part);
        }

        await WriteEventAsync(
            http,
            """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"served-model","choices":[],"usage":"""
            + """{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}""");
        await EndStreamAsync(http);
    });

    /// <summary>Answers with this body, as a recording has it.</summary>
    public OpenAiServer ThenBody(string body, string contentType = "application/json") => Then(http =>
    {
        http.Response.ContentType = contentType;
        return http.Response.WriteAsync(body);
    });

    public static async Task BeginStreamAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync();
    }

    public static Task WriteChunkAsync(HttpContext http, string text) => WriteEventAsync(
        http,
        """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"served-model","choices":[{"index":0,"delta":"""
        + $$"""{"role":"assistant","content":{{JsonSerializer.Serialize(text)}}},"finish_reason":null}]}""");

    public static Task EndStreamAsync(HttpContext http) => http.Response.WriteAsync("data: [DONE]\n\n");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task WriteEventAsync(HttpContext http, string data)
    {
        await http.Response.WriteAsync($"data: {data}\n\n");
        await http.Response.Body.FlushAsync();
    }

    private static JsonObject Completion(JsonObject message, int input, int output, string finishReason) => new()
    {
        ["id"] = "c1",
        ["object"] = "chat.completion",
        ["created"] = 1,
        ["model"] = "served-model",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = finishReason }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = input, ["completion_tokens"] = output, ["total_tokens"] = input + output },
    };

    private static Task WriteJsonAsync(HttpContext http, JsonNode json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json.ToJsonString());
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var body = await JsonNode.ParseAsync(http.Request.Body);
        var headers = http.Request.Headers;
        Requests.Enqueue(new RecordedRequest(
            http.Request.Method, http.Request.Path + http.Request.QueryString, headers.Authorization, headers.ContentType, headers.Accept, body!));
        if (_answers.TryDequeue(out var answer))
        {
            await answer(http);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status418ImATeapot;
        }
    }
}
