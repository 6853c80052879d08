using System.Text.Json;
using CloudFunction.Llm.Json;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests;

/// <summary>JSON out of what a model says around it.</summary>
public sealed class JsonTests
{
    private sealed record City(string Name, int People);

    [Theory]
    [InlineData("""{"name":"Köln","people":1}""")]
    [InlineData("Sure! Here it is:\n```json\n{\"name\":\"Köln\",\"people\":1}\n```\nAnything else?")]
    [InlineData("```\n{\"name\":\"Köln\",\"people\":1,}\n```")]
    [InlineData("The answer {as you asked} is {\"name\":\"Köln\",\"people\":\"1\"} [1].")]
    [InlineData("<think>{\"name\":\"Bonn\",\"people\":2}? No.</think>{\"name\":\"Köln\",\"people\":1}")]
    [InlineData("As [0, 1) and [see {\"name\":\"Köln\",\"people\":1}]")]
    [InlineData("Of the form {\"name\": string, \"people\": number}: {\"name\":\"Köln\",\"people\":1}")]
    [InlineData("A comment begins with [/* and a list with [\"a, b]: {\"name\":\"Köln\",\"people\":1}")]
    [InlineData("{/* which } one */ \"name\":\"Köln\", // the [ first\n\"people\":1}")]
    [InlineData("[1] See: {\"name\":\"Köln\",\"people\":1}")]
    [InlineData("{\"other\":{\"name\":\"Bonn\",\"people\":2}} {\"name\":\"Köln\",\"people\":1}")]
    public async Task GetJson_OfAnObjectInAnyWrapping_FindsIt(string answer) =>
        Assert.Equal(new City("Köln", 1), await AskAsync<City>(answer));

    [Fact]
    public async Task GetJson_WithBracesInStrings_TakesThemAsText() =>
        Assert.Equal(new City("a } ] \" { [", 1), await AskAsync<City>("""Here: {"name":"a } ] \" { [","people":1} done"""));

    [Fact]
    public async Task GetJson_OfAnArray_FindsIt() =>
        Assert.Equal(
            [new City("Köln", 1), new City("Bonn", 2)],
            await AskAsync<City[]>("Both:\n```json\n[{\"name\":\"Köln\",\"people\":1},{\"name\":\"Bonn\",\"people\":2}]\n```"));

    [Theory]
    [InlineData("I cannot help with that.", "it has no JSON object or array")]
    [InlineData("", "it has no JSON object or array")]
    [InlineData("{\"other\":1, \"b\":[{\"name\":\"Köln\",\"people\":1},", "it has no JSON object or array")]
    [InlineData("{\"other\":oops, \"b\":{\"name\":\"Köln\",\"people\":1}}", "its JSON is no City")]
    [InlineData("[{\"name\":\"Köln\",\"people\":1} and {\"name\":\"Bonn\",\"people\":2}]", "its JSON is no City")]
    [InlineData("[{\"x\":\"[\",\"y\":{\"name\":\"Köln\",\"people\":1}", "it has no JSON object or array")]
    [InlineData("{\"name\":\"Köln\"", "it has no JSON object or array")]
    [InlineData("{\"name\":\"Köln\",\"people\":\"many\"}", "its JSON is no City")]
    [InlineData("{\"name\":\"Köln\"}", "its JSON is no City")]
    public async Task GetJson_WithoutOne_SaysWhyAndWhatCame(string answer, string reason)
    {
        var error = await Assert.ThrowsAsync<LlmJsonException>(() => AskAsync<City>(answer));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(answer, error.Message, StringComparison.Ordinal);
        Assert.Equal(answer, error.Answer);
    }

    [Fact]
    public async Task GetJson_OfAnAnswerThatWasCut_SaysThat()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText("{\"name\":\"Kö", finishReason: "length");
        await using var project = LlmProject.At(server);

        Assert.Contains(
            "cut at the limit of tokens",
            (await Assert.ThrowsAsync<LlmJsonException>(() => project.Client.GetJsonAsync<City>("?", default))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A cut answer is no answer, wherever it was cut.</summary>
    [Fact]
    public void TryFind_OfAnObjectThatWasCut_FindsNothing()
    {
        const string Whole = """{"a":1,"b":[{"a":7},{"c":"x ] } \" {\"a\":1}"}],"d":{"a":[{"a":2}]},"e":null}""";
        for (var length = 0; length < Whole.Length; length++)
        {
            var text = "So: " + Whole[..length];
            Assert.False(JsonInText.TryFind(text, static json => JsonDocument.Parse(json.ToArray()), out _, out _), text);
        }

        Assert.True(JsonInText.TryFind("So: " + Whole, static json => JsonDocument.Parse(json.ToArray()), out _, out _));
    }

    /// <summary>What is read stays in proportion to the text: each of these took minutes, or would.</summary>
    [Theory]
    [InlineData("{\"a\":[")]
    [InlineData("[/*\"")]
    [InlineData("[//")]
    [InlineData("[/*[*/x")]
    [InlineData("[")]
    [InlineData("[1,")]
    [InlineData("[\"")]
    [InlineData("[\"\\\"")]
    [InlineData("[1 {")]
    [InlineData("{x[\"")]
    public void TryFind_OfALongTextOfBeginnings_EndsSoon(string beginning)
    {
        var text = string.Concat(Enumerable.Repeat(beginning, 4_000_000 / beginning.Length));

        Assert.False(JsonInText.TryFind(text, static json => JsonDocument.Parse(json.ToArray()), out _, out _));
    }

    [Fact]
    public async Task AnalyzeText_AsksWithItsPromptAndGivesTheJson()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText("```json\n{\"summary\":\"Good.\",\"sentiment\":\"positive\"}\n```");
        await using var project = LlmProject.At(server);

        var analysis = await project.Client.AnalyzeTextAsync("这家店很好。");

        Assert.Equal("positive", analysis.GetProperty("sentiment").GetString());
        Snapshots.Match(string.Join("\n\n", server.Requests), "wire-analysis");
    }

    [Fact]
    public async Task AnalyzeText_WithAPromptOfItsOwn_UsesIt()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText("[1]");
        await using var project = LlmProject.At(server);

        Assert.Equal(
            JsonValueKind.Array,
            (await project.Client.AnalyzeTextAsync("Text", "Count the words, as a JSON array.", new ChatOptions { Temperature = 0 })).ValueKind);
        Assert.Contains("Count the words", server.Requests.Single().Body["messages"]![0]!["content"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, (double)server.Requests.Single().Body["temperature"]!);
    }

    private static async Task<T> AskAsync<T>(string answer)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText(answer);
        await using var project = LlmProject.At(server);
        return await project.Client.GetJsonAsync<T>("Which?", default);
    }
}
