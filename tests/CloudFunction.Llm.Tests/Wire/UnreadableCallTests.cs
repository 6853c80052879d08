using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>Tool calls that nobody can make are errors, and not answers without content.</summary>
public sealed class UnreadableCallTests
{
    [Theory]
    [InlineData("""[{"id":"a","type":"function","function":{"arguments":"{\"x\":1}"}}]""", "a tool call without a name: ")]
    [InlineData("""[{"id":"a","type":"function","function":{"name":"","arguments":"{\"x\":1}"}}]""", "a tool call without a name: ")]
    [InlineData("""[{"id":"a","type":"function","function":{"name":null,"arguments":{"x":1}}}]""", "a tool call without a name: ")]
    [InlineData("""[{"id":"a","type":"function","function":{"name":5,"arguments":"{}"}}]""", "a tool call without a name: ")]
    [InlineData("""["f"]""", "a tool call without a name: ")]
    [InlineData("\"f\"", "a tool call without a name: ")]
    [InlineData("""[{"id":"a","type":"function","function":null}]""", "it ended to have tools called, and has no tool call")]
    [InlineData("""[{"id":"a"}]""", "it ended to have tools called, and has no tool call")]
    [InlineData("[null]", "it ended to have tools called, and has no tool call")]
    [InlineData("[]", "it ended to have tools called, and has no tool call")]
    [InlineData("{}", "it ended to have tools called, and has no tool call")]
    [InlineData("null", "it ended to have tools called, and has no tool call")]
    public async Task Answer_WithACallThatCannotBeRead_IsAnError(string calls, string reason)
    {
        foreach (var streams in new[] { false, true })
        {
            await using var server = await OpenAiServer.StartAsync();
            var message = $$"""{"role":"assistant","reasoning_content":"Hm.","content":null,"tool_calls":{{calls}}}""";
            server.ThenBody(streams
                ? $$"""data: {"choices":[{"index":0,"delta":{{message}},"finish_reason":"tool_calls"}]}""" + "\n\ndata: [DONE]\n\n"
                : $$"""{"choices":[{"index":0,"message":{{message}},"finish_reason":"tool_calls"}]}""");
            await using var project = LlmProject.At(server);

            var error = await Assert.ThrowsAsync<LlmRequestException>(() => streams
                ? project.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync()
                : project.Client.GetResponseAsync("Hi"));

            Assert.Contains($"answered with something other than a chat completion: {reason}", error.Message, StringComparison.Ordinal);
        }
    }
}
