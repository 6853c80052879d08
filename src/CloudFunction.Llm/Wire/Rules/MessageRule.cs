using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>Where the message of a choice is.</summary>
internal static class MessageRule
{
    // Each part of a message by the names that it may have.
    private static readonly (AnswerParts Part, string[] Names)[] Members =
    [
        (AnswerParts.Text, ["content", "text"]),
        (AnswerParts.Thoughts, ["reasoning_content", "reasoning", "thinking", "reasoning_details"]),
        (AnswerParts.Calls, ["tool_calls", "function_call"]),
        (AnswerParts.Refusal, ["refusal"]),
        (AnswerParts.Audio, ["audio"]),
    ];

    /// <summary>A stream's under <c>delta</c>, a whole answer's under <c>message</c>, be it under the other name, a text, or the choice itself.
    /// A stream that ends with all of the message once more, as MiniMax's do, has sent most of it already.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var (name, other) = state.Streams ? ("delta", "message") : ("message", "delta");
        var isMended = false;
        foreach (var choice in answer.ChoicesOf())
        {
            var isBeside = choice[other] is not null || Members.Any(part => part.Names.Any(member => choice[member] is not null));
            if (!isBeside && (choice[name] is JsonObject || (state.Streams && choice[name] is null)))
            {
                continue;
            }

            var message = Take(choice, name) ?? [];
            if (!HasAny(message) && Take(choice, other) is { } second)
            {
                message = state.Streams ? WhatIsNew(second, state) : second;
            }

            foreach (var member in Members.SelectMany(part => part.Names))
            {
                if (choice.Remove(member, out var node) && !HasAny(message) && node is not null)
                {
                    message[member == "text" ? "content" : member] = node;
                }
            }

            choice.Remove(other);
            choice[name] = message;
            isMended = true;
        }

        return isMended;
    }

    private static JsonObject? Take(JsonObject choice, string name)
    {
        choice.Remove(name, out var node);
        return node switch
        {
            JsonObject message => message,
            JsonArray or JsonValue when JsonMembers.HasAny(node) => new JsonObject { ["content"] = node },
            _ => null,
        };
    }

    // Behind deltas the message has what they brought, and maybe more; where there are none each message is one.
    private static JsonObject WhatIsNew(JsonObject message, AnswerState state)
    {
        state.ComesInMessages |= !state.HasOutput;
        foreach (var name in state.ComesInMessages ? [] : Members.Where(part => state.Parts.HasFlag(part.Part)).SelectMany(part => part.Names))
        {
            message.Remove(name);
        }

        return message;
    }

    private static bool HasAny(JsonObject message) => Members.Any(part => part.Names.Any(name => JsonMembers.HasAny(message[name])));
}
