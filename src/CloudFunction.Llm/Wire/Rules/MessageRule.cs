using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>Where the message of a choice is.</summary>
internal static class MessageRule
{
    /// <summary>A stream's under <c>delta</c>, a whole answer's under <c>message</c>. A stream that ends with all of the message once more, as
    /// MiniMax's do, has sent it already.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var (name, other) = state.Streams ? ("delta", "message") : ("message", "delta");
        var isMended = false;
        foreach (var choice in answer.ChoicesOf())
        {
            var message = choice[other];
            var text = choice.TextOf("text"); // Where the older form of completions has it.
            var hasAny = choice[name] is not null || message is not null || text is not null;
            if (choice[name] is JsonObject || (state.Streams && !hasAny))
            {
                continue;
            }

            choice.Remove(other);
            choice[name] = message is JsonObject whole ? WhatIsNew(whole, state) : text is null ? [] : new JsonObject { ["content"] = text };
            isMended = true;
        }

        return isMended;
    }

    // Behind deltas the message has what they brought; where there are none each message is one.
    private static JsonObject WhatIsNew(JsonObject message, AnswerState state)
    {
        state.ComesInMessages |= !state.HasOutput;
        if (state.ComesInMessages)
        {
            return message;
        }

        var calls = message["tool_calls"];
        message.Remove("tool_calls");
        return calls is null || state.ToolCalls.HasAny ? [] : new JsonObject { ["tool_calls"] = calls };
    }
}
