using System.Text;
using System.Text.Json;
using CloudFunction.Llm.Wire;
using CloudFunction.Llm.Wire.Rules;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>What becomes of answers that differ from OpenAI's, over the wire and through the SDK.</summary>
public sealed class ExchangeTests
{
    // One that is not called here: the calls are what is compared.
    private static readonly AITool[] Tools =
        [AIFunctionFactory.CreateDeclaration("weather", null, JsonElement.Parse("""{"type":"object"}"""))];

    public static TheoryData<string> Exchanges() => [.. Exchange.All.Select(e => e.ToString())];

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task Answer_OfAnotherKind_MeansWhatItsProviderMeant(string name)
    {
        var exchange = Exchange.All.Single(e => e.ToString() == name);
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody(exchange.Body, exchange.Streams ? "text/event-stream" : "application/json");
        await using var project = LlmProject.At(server);
        var options = new ChatOptions { Tools = Tools };

        var response = exchange.Streams
            ? await project.Client.GetStreamingResponseAsync("Hi", options).ToChatResponseAsync()
            : await project.Client.GetResponseAsync("Hi", options);

        Assert.Equal(exchange.Expected, Exchange.Describe(response));
        Assert.Single(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Exchanges))]
    public void Rule_OfEachExchange_IsNeededForIt(string name)
    {
        var exchange = Exchange.All.Single(e => e.ToString() == name);
        var state = new AnswerState(exchange.Streams);
        var mending = new List<string>();
        foreach (var piece in exchange.Pieces)
        {
            var answer = JsonMembers.Parse(Encoding.UTF8.GetBytes(piece))!.AsObject();
            mending.AddRange(WireRules.All.Where(rule => rule.Mend(answer, state)).Select(rule => rule.Name));
            state.Note(answer);
        }

        Assert.Contains(exchange.Rule, mending);
    }

    [Fact]
    public void Rule_OfEachKindOfAnswer_HasExchanges()
    {
        foreach (var rule in WireRules.All)
        {
            var own = Exchange.All.Where(e => e.Rule == rule.Name).ToArray();
            Assert.True(own.Any(e => e.Streams), $"'{rule.Name}' has no exchange with a stream.");
            Assert.True(own.Any(e => !e.Streams), $"'{rule.Name}' has no exchange with a whole answer.");
        }

        Assert.Empty(Exchange.All.Select(e => e.Rule).Except(WireRules.All.Select(r => r.Name)));
    }
}
