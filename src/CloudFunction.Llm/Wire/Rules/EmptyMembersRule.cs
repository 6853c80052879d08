using System.Buffers.Text;
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
            isMended |= message["annotations"] is JsonArray annotations
                ? annotations.RemoveAll(annotation => !IsCitation(annotation)) > 0
                : message["annotations"] is not null && message.Remove("annotations");
        }

        return isMended;
    }

    // A chunk has a part of it, a whole answer all.
    private static bool IsAudio(JsonNode audio, AnswerState state) => audio is JsonObject members
        && (members.TextOf("id") is not null || members.TextOf("data") is not null || members.TextOf("transcript") is not null)
        && IsBase64(members["data"]) && (members["expires_at"] is null || IsWhole(members["expires_at"]))
        && (state.Streams || (members.TextOf("data") is not null && members["expires_at"] is not null));

    private static bool IsBase64(JsonNode? node) => node is null
        || (node is JsonValue value && value.TryGetValue(out string? text) && Base64.IsValid(text));

    // The one kind of annotation that OpenAI has.
    private static bool IsCitation(JsonNode? node) => node is JsonObject annotation && annotation.TextOf("type") is not null
        && annotation["url_citation"] is JsonObject citation && IsWhole(citation["start_index"]) && IsWhole(citation["end_index"])
        && Uri.TryCreate(citation.TextOf("url"), UriKind.RelativeOrAbsolute, out _) && citation["title"]?.GetValueKind() == JsonValueKind.String;

    private static bool IsWhole(JsonNode? node) => node is JsonValue value && value.TryGetValue(out int _);
}
