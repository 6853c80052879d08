using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>The list of choices.</summary>
internal static class ChoicesRule
{
    /// <summary>Leaves out choices that are nothing, and what the SDK cannot read beside a choice's message.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        if (answer["choices"] is not JsonArray choices)
        {
            return answer.Remove("choices");
        }

        var isMended = choices.RemoveAll(static choice => choice is not JsonObject) > 0;
        foreach (var choice in answer.ChoicesOf())
        {
            isMended |= choice.MendInteger("index");
            if (choice["logprobs"] is { } logprobs && !AreLogprobs(logprobs))
            {
                isMended |= choice.Remove("logprobs");
            }
        }

        return isMended;
    }

    private static bool AreLogprobs(JsonNode node) => node is JsonObject lists
        && lists.All(static list => list.Key is not ("content" or "refusal") || list.Value is null || AreTokens(list.Value, hasAlternatives: true));

    private static bool AreTokens(JsonNode? node, bool hasAlternatives) => node is JsonArray tokens && tokens.All(token => token is JsonObject members
        && members["token"]?.GetValueKind() == JsonValueKind.String
        && members["logprob"]?.GetValueKind() == JsonValueKind.Number
        && (members["bytes"] is null || (members["bytes"] is JsonArray bytes && bytes.All(IsByte)))
        && (!hasAlternatives || AreTokens(members["top_logprobs"], hasAlternatives: false)));

    private static bool IsByte(JsonNode? node) => node is JsonValue value && value.TryGetValue(out byte _);
}
