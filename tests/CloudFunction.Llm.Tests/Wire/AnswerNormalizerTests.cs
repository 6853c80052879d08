using System.Text;
using System.Text.Json;
using CloudFunction.Llm.Wire;
using CloudFunction.Llm.Wire.Rules;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>Answers of random shapes.</summary>
public sealed class AnswerNormalizerTests
{
    private const string Clean =
        """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":null,"choices":[{"index":0,"delta":"""
        + """{"role":"assistant","content":"Hé","refusal":null,"tool_calls":null},"logprobs":null,"finish_reason":null"""
        + """,   "content_filter_results":{"hate":{"filtered":false}}}],"usage":null}""";

    [Fact]
    public void Normalize_OfACleanPiece_LeavesItToTheByte()
    {
        var piece = Encoding.UTF8.GetBytes(Clean);
        Assert.True(new AnswerNormalizer(streams: true).Normalize(piece).Equals(piece));
        var whole = Encoding.UTF8.GetBytes(Clean.Replace("delta", "message", StringComparison.Ordinal)
            .Replace("\"finish_reason\":null", "\"finish_reason\":\"stop\"", StringComparison.Ordinal));
        Assert.True(new AnswerNormalizer(streams: false).Normalize(whole).Span.SequenceEqual(whole));
    }

    [Fact]
    public void CleanChunk_OfRandomPieces_PassesOnlyWhatNoRuleWouldMend()
    {
        var passed = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var json = RandomAnswer.Of(new Random(seed), "delta", mutations: seed % 4).ToJsonString();
            var quick = new AnswerState(streams: true);
            if (!CleanChunk.TryNote(Encoding.UTF8.GetBytes(json), quick))
            {
                continue;
            }

            passed++;
            var slow = new AnswerState(streams: true);
            var answer = JsonMembers.Parse(Encoding.UTF8.GetBytes(json))!.AsObject();
            Assert.True(ReportedError.In(answer) is null, json);
            Assert.All(WireRules.All, rule => Assert.False(rule.Mend(answer, slow), $"Seed {seed}: '{rule.Name}' mends {json}"));
            slow.Note(answer);
            Assert.Equal(
                (seed, slow.HasChoice, slow.Parts, slow.IsFinished, slow.Id),
                (seed, quick.HasChoice, quick.Parts, quick.IsFinished, quick.Id));
        }

        Assert.InRange(passed, 2000, 18_000); // Or it compares nothing.
    }

    [Fact]
    public void Mend_OfRandomPieces_LeavesNothingToMend()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var streams = seed % 2 == 0;
            var json = RandomAnswer.Of(new Random(seed), streams ? "delta" : "message", mutations: 1 + (seed % 4)).ToJsonString();
            var answer = JsonMembers.Parse(Encoding.UTF8.GetBytes(json))!.AsObject();
            var state = new AnswerState(streams);
            try
            {
                foreach (var rule in WireRules.All)
                {
                    rule.Mend(answer, state);
                }
            }
            catch (AnswerException exception) when (exception.Message.StartsWith("a tool call without a name: ", StringComparison.Ordinal))
            {
                continue;
            }

            var once = answer.ToJsonString();
            foreach (var rule in WireRules.All)
            {
                rule.Mend(answer, new AnswerState(streams) { Id = state.Id });
            }

            Assert.Equal((seed, json, once), (seed, json, answer.ToJsonString()));
        }
    }

    [Fact]
    public async Task Answer_OfARandomShape_IsAnAnswerOrAnLlmException()
    {
        await using var server = await OpenAiServer.StartAsync();
        await using var project = LlmProject.At(server, options => options.MaxRetries = 0);
        var options = new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("f", null, JsonElement.Parse("""{"type":"object"}"""))] };
        var answered = 0;
        for (var seed = 0; seed < 900; seed++)
        {
            var random = new Random(seed);
            var streams = seed % 2 == 0;
            var json = RandomAnswer.Of(random, streams ? "delta" : "message", mutations: 1 + (seed % 3)).ToJsonString();
            server.ThenBody(streams ? $"data: {json}\n\ndata: [DONE]\n\n" : json);
            try
            {
                _ = streams
                    ? await project.Client.GetStreamingResponseAsync("Hi", options).ToChatResponseAsync()
                    : await project.Client.GetResponseAsync("Hi", options);
                answered++;
            }
            catch (LlmRequestException exception)
            {
                // Errors that were put there, and answers without a choice: nothing that the SDK could not read.
                Assert.True(
                    exception.Message.Contains("reported an error", StringComparison.Ordinal)
                        || exception.Message.Contains("without a choice", StringComparison.Ordinal)
                        || exception.Message.Contains("tool call", StringComparison.Ordinal),
                    $"Seed {seed}: {exception.Message} {json}");
            }
        }

        Assert.InRange(answered, 600, 900);
    }
}
