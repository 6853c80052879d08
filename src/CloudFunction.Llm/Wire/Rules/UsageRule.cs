using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>The numbers of tokens.</summary>
internal static class UsageRule
{
    private static readonly (string Name, string Other)[] Counts =
        [("prompt_tokens", "input_tokens"), ("completion_tokens", "output_tokens"), ("total_tokens", "total_tokens")];

    private static readonly string[] Details = ["prompt_tokens_details", "completion_tokens_details"];

    private static readonly string[] DetailCounts =
        ["audio_tokens", "cached_tokens", "reasoning_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens"];

    /// <summary>Numbers with fractions or as texts as whole numbers, other names as OpenAI's; what is no number is left out.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        if (answer["usage"] is not { } node)
        {
            return false;
        }

        if (node is not JsonObject usage)
        {
            return answer.Remove("usage");
        }

        var isMended = false;
        foreach (var (name, other) in Counts)
        {
            isMended |= usage.MendInteger(name);
            if (!usage.ContainsKey(name) && usage.NumberOf(other) is >= 0 and <= int.MaxValue and var number)
            {
                usage[name] = (int)number;
                isMended = true;
            }
        }

        foreach (var name in Details)
        {
            if (usage[name] is JsonObject details)
            {
                isMended = DetailCounts.Aggregate(isMended, (mended, count) => details.MendInteger(count) || mended);
            }
            else if (usage[name] is not null)
            {
                isMended |= usage.Remove(name);
            }
        }

        return isMended;
    }
}
