using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>Members of a message that are there and carry nothing.</summary>
internal static class EmptyMembersRule
{
    /// <summary>Leaves out an empty refusal, which would be taken for one, sound that is none, and lists that are none.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var message in answer.MessagesOf())
        {
            isMended |= message["refusal"] is not null && message.TextOf("refusal") is null && message.Remove("refusal");
            isMended |= message["audio"] is { } audio && !IsAudio(audio, state) && message.Remove("audio");
            isMended |= message["annotations"] is not (null or JsonArray) && message.Remove("annotations");
            isMended |= message["tool_calls"] is not (null or JsonArray) && message.Remove("tool_calls");
            isMended |= message["content"] is JsonObject && MendContent(message);
        }

        return isMended;
    }

    // A chunk has a part of it, a whole answer all.
    private static bool IsAudio(JsonNode audio, AnswerState state) => audio is JsonObject members
        && (members.TextOf("id") is not null || members.TextOf("data") is not null || members.TextOf("transcript") is not null)
        && (state.Streams || (members.TextOf("data") is not null && members["expires_at"]?.GetValueKind() == JsonValueKind.Number));

    private static bool MendContent(JsonObject message)
    {
        if (message["content"] is not JsonObject members || members.TextOf("text") is not { } text)
        {
            return false;
        }

        message["content"] = text;
        return true;
    }
}
