using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatFinishReason = Microsoft.Extensions.AI.ChatFinishReason;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>Why an answer ended.</summary>
internal static class FinishReasonRule
{
    /// <summary>The member that a reason is passed on in which the SDK does not know. Null: there is none.</summary>
    public const string Mark = "cloudfunction_finish_reason";

    private static readonly string[] Known = ["stop", "length", "tool_calls", "content_filter", "function_call"];

    /// <summary>An empty reason is none. One that the SDK does not know goes around it.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var choice in answer.ChoicesOf())
        {
            choice.TryGetPropertyValue("finish_reason", out var node);
            var reason = node is JsonValue && !string.IsNullOrWhiteSpace(node.ToString()) && node.ToString() != "null" ? node.ToString() : null;
            if (Known.Contains(reason) || (state.Streams && node is null))
            {
                continue;
            }

            // A whole answer has to have one for the SDK, and is marked for whoever reads the SDK's answer.
            choice["finish_reason"] = state.Streams ? null : "stop";
            if ((!state.Streams || reason is not null) && choice == answer.ChoicesOf().First())
            {
                answer[Mark] = reason;
            }

            isMended = true;
        }

        return isMended;
    }

    /// <summary>Gives an answer the reason that went around the SDK.</summary>
    public static void Restore(ChatResponse response)
    {
#pragma warning disable SCME0001 // Experimental: the one way to read a member that the SDK has no property for.
        if (response.RawRepresentation is ChatCompletion raw && raw.Patch.Contains("$.cloudfunction_finish_reason"u8))
        {
            response.FinishReason = raw.Patch.TryGetValue("$.cloudfunction_finish_reason"u8, out string? reason) ? ToReason(reason) : null;
        }
#pragma warning restore SCME0001
    }

    /// <summary>Gives a part of an answer the reason that went around the SDK.</summary>
    /// <param name="update">The part.</param>
    /// <param name="reason">The reason that has come so far.</param>
    /// <returns>The reason that has come by now.</returns>
    public static ChatFinishReason? Restore(ChatResponseUpdate update, ChatFinishReason? reason)
    {
#pragma warning disable SCME0001
        if (update.RawRepresentation is StreamingChatCompletionUpdate raw
            && raw.Patch.Contains("$.cloudfunction_finish_reason"u8)
            && raw.Patch.TryGetValue("$.cloudfunction_finish_reason"u8, out string? text))
        {
            reason = ToReason(text);
        }
#pragma warning restore SCME0001

        update.FinishReason ??= reason;
        return reason;
    }

    private static ChatFinishReason? ToReason(string? reason) => string.IsNullOrEmpty(reason) ? null : new ChatFinishReason(reason);
}
