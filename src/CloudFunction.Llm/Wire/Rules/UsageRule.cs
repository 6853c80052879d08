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

    /// <summary>Numbers with fractions or as texts as whole numbers, other names as OpenAI's; what is no number of tokens is left out. Those of a
    /// stream are kept until its end: many report them with each chunk, as the sum so far.</summary>
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

        var isMended = Counts.Aggregate(false, (mended, count) => MendCount(usage, count.Name, count.Other) || mended);
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

        if (!state.Streams)
        {
            return isMended;
        }

        answer.Remove("usage");
        foreach (var (name, _) in Counts)
        {
            if (state.Usage?.NumberOf(name) is { } before && before > (usage.NumberOf(name) ?? 0))
            {
                usage[name] = before;
            }
        }

        state.Usage = usage;
        return true;
    }

    private static bool MendCount(JsonObject usage, string name, string other)
    {
        var isMended = usage.MendInteger(name);
        if (!usage.ContainsKey(name) && usage.NumberOf(other) is >= 0 and <= int.MaxValue and var number)
        {
            usage[name] = (int)number;
            isMended = true;
        }

        return isMended;
    }
}
