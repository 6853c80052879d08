using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests;

/// <summary>Thoughts of a model in a conversation that goes on.</summary>
public sealed class ThoughtsTests
{
    private static readonly AITool Weather = AIFunctionFactory.Create((string city) => $"Sun in {city}", "weather");

    [Theory]
    [InlineData(false, "reasoning_content")]
    [InlineData(true, "reasoning_content")]
    [InlineData(false, "reasoning")]
    [InlineData(true, "reasoning")]
    public async Task Thoughts_BeforeAToolCall_GoBackWithItsResult(bool streams, string member)
    {
        await using var server = await OpenAiServer.StartAsync();
        var call = """[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]""";
        server.ThenBody(streams
            ? "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"" + member + "\":\"Ask \"}}]}\n\n"
                + "data: {\"choices\":[{\"delta\":{\"" + member + "\":\"first.\"}}]}\n\n"
                + "data: {\"choices\":[{\"delta\":{\"tool_calls\":" + call + "},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n"
            : "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"\",\"" + member + "\":\"Ask first.\",\"tool_calls\":" + call
                + "},\"finish_reason\":\"tool_calls\"}]}");
        _ = streams ? server.ThenStream("Sun.") : server.ThenText("Sun.");
        await using var project = LlmProject.At(server);
        var options = new ChatOptions { Tools = [Weather] };

        var response = streams
            ? await project.Client.GetStreamingResponseAsync("Weather?", options).ToChatResponseAsync()
            : await project.Client.GetResponseAsync("Weather?", options);

        Assert.Equal("Sun.", response.Messages[^1].Text);
        var answer = server.Requests.Last().Body["messages"]!.AsArray().Single(m => (string?)m!["role"] == "assistant")!;
        Assert.Equal("Ask first.", (string?)answer["reasoning_content"]);
        Assert.Equal("call_1", (string?)answer["tool_calls"]![0]!["id"]);
        Assert.Null(server.Requests.First().Body["messages"]![0]!["reasoning_content"]);
    }

    [Fact]
    public async Task Thoughts_OfLaterTurns_GoBackWithAllAnswers()
    {
        var messages = await SendAsync([Weather], Conversation(hasCalls: true));

        Assert.Equal([null, "Ask \"Oslo\" first.", null, "", null], messages.Select(m => (string?)m["reasoning_content"]));
        Assert.Equal(["user", "assistant", "tool", "assistant", "user"], messages.Select(m => (string?)m["role"]));
        Assert.Equal("Sun.", (string?)messages[3]["content"]);
    }

    [Fact]
    public async Task Thoughts_WithoutTools_AreKeptBack() =>
        Assert.All(await SendAsync([], Conversation(hasCalls: false)), m => Assert.Null(m["reasoning_content"]));

    [Fact]
    public async Task Thoughts_OfAConversationThatHadTools_GoBackWhereNoneAreOfferedAnyMore() =>
        Assert.Equal("Ask \"Oslo\" first.", (string?)(await SendAsync([], Conversation(hasCalls: true)))[1]["reasoning_content"]);

    [Fact]
    public async Task Conversation_WithoutThoughts_HasNoEmptyOnes()
    {
        var messages = await SendAsync([Weather], Conversation(hasCalls: true).Select(m =>
            new ChatMessage(m.Role, [.. m.Contents.Where(c => c is not TextReasoningContent)])));

        Assert.All(messages, m => Assert.False(m.AsObject().ContainsKey("reasoning_content")));
    }

    private static async Task<JsonNode[]> SendAsync(IList<AITool> tools, IEnumerable<ChatMessage> messages)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText("Sun.");
        await using var project = LlmProject.At(server);
        await project.Client.GetResponseAsync(messages, new ChatOptions { Tools = tools });
        return [.. server.Requests.Single().Body["messages"]!.AsArray().Select(m => m!)];
    }

    private static IEnumerable<ChatMessage> Conversation(bool hasCalls)
    {
        AIContent[] contents = [new TextReasoningContent("Ask \"Oslo\" "), new TextReasoningContent("first.")];
        yield return new(ChatRole.User, "Weather in Oslo?");
        yield return new(ChatRole.Assistant, [.. contents, hasCalls ? new FunctionCallContent("a", "weather") : new TextContent("Which?")]);
        if (hasCalls)
        {
            yield return new(ChatRole.Tool, [new FunctionResultContent("a", "Sun")]);
        }

        yield return new(ChatRole.Assistant, "Sun.");
        yield return new(ChatRole.User, "And in Rome?");
    }
}
