using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>A model's thoughts under another name than <c>reasoning_content</c>, or in another form.</summary>
internal static class ReasoningRule
{
    // Ollama, OpenRouter and newer versions of vLLM; Ollama's own form.
    private static readonly string[] Names = ["reasoning_content", "reasoning", "thinking"];

    /// <summary>The first of the names that has a text; MiniMax has it in the parts of <c>reasoning_details</c> only.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var message in answer.MessagesOf())
        {
            var own = message["reasoning_content"];
            if (message.TextOf("reasoning_content") is not null)
            {
                continue;
            }

            var thoughts = Names.Select(name => PartText.Of(message[name])).FirstOrDefault(static text => text.Length > 0)
                ?? WhatIsNew(PartText.Of(message["reasoning_details"]), state);
            if (thoughts.Length > 0)
            {
                message["reasoning_content"] = thoughts;
                isMended = true;
            }
            else if (own is not (null or JsonValue))
            {
                isMended |= message.Remove("reasoning_content");
            }
        }

        return isMended;
    }

    // Each chunk of MiniMax's has all that came before it too; OpenRouter's have not, and have the other names beside.
    private static string WhatIsNew(string details, AnswerState state)
    {
        if (details.Length == 0 || state.Details is not { } before)
        {
            return details;
        }

        var repeats = details.StartsWith(before, StringComparison.Ordinal);
        state.Details = repeats ? details : null;
        return repeats ? details[before.Length..] : details;
    }
}
