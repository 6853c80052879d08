using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>A content that is a list of parts.</summary>
internal static class ContentPartsRule
{
    private static readonly string[] Known = ["text", "refusal", "image_url", "input_audio", "file"];

    /// <summary>Thoughts go where thoughts belong, other parts with a text become text, and what is left the SDK cannot take.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var message in answer.MessagesOf())
        {
            if (message["content"] is not JsonArray parts || parts.All(IsKnown))
            {
                continue;
            }

            var kept = new JsonArray();
            var thoughts = message.TextOf("reasoning_content") ?? "";
            foreach (var part in parts)
            {
                if (IsKnown(part))
                {
                    kept.Add(part!.DeepClone());
                }
                else if (part is JsonObject thinking && thinking.TextOf("type") is "thinking" or "reasoning")
                {
                    thoughts += TextIn(part);
                }
                else if (TextIn(part) is { Length: > 0 } text)
                {
                    kept.Add(new JsonObject { ["type"] = "text", ["text"] = text });
                }
            }

            message["content"] = kept;
            if (thoughts.Length > 0)
            {
                message["reasoning_content"] = thoughts;
            }

            isMended = true;
        }

        return isMended;
    }

    private static bool IsKnown(JsonNode? part) => part is JsonObject members && Known.Contains(members.TextOf("type"));

    private static string TextIn(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonArray parts => string.Concat(parts.Select(TextIn)),
        JsonObject members => TextIn(members["text"] ?? members["thinking"] ?? members["reasoning"]),
        _ => "",
    };
}
