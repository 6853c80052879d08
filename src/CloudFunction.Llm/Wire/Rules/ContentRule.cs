using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>A content that is no text.</summary>
internal static class ContentRule
{
    /// <summary>What has a text becomes one; thoughts and refusals among its parts go where they belong, and pictures stay parts.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var message in answer.MessagesOf())
        {
            if (message["content"] is not { } content || (content is JsonValue value && value.TryGetValue(out string? _)))
            {
                continue;
            }

            var (text, thoughts, refusal, pictures) = ("", message.TextOf("reasoning_content"), message.TextOf("refusal"), new JsonArray());
            foreach (var part in content as JsonArray ?? [content.DeepClone()])
            {
                var members = part as JsonObject;
                if (IsPicture(members))
                {
                    pictures.Add(part!.DeepClone());
                }
                else if (members?.TextOf("type") == "refusal")
                {
                    refusal += members.TextOf("refusal") ?? PartText.Of(part);
                }
                else if (members is not null && IsThought(members))
                {
                    thoughts += PartText.Of(part);
                }
                else
                {
                    text += PartText.Of(part);
                }
            }

            message["content"] = text;
            if (pictures.Count > 0)
            {
                pictures.Insert(0, new JsonObject { ["type"] = "text", ["text"] = text });
                message["content"] = pictures;
            }

            isMended |= content.ToJsonString() != message["content"]!.ToJsonString();
            Set(message, "reasoning_content", thoughts);
            Set(message, "refusal", refusal);
        }

        return isMended;
    }

    private static bool IsPicture(JsonObject? part) => part?.TextOf("type") == "image_url" && part["image_url"] is JsonObject picture
        && Uri.TryCreate(picture.TextOf("url"), UriKind.Absolute, out _)
        && (picture["detail"] is null || picture.TextOf("detail") is not null);

    private static bool IsThought(JsonObject part) =>
        part.TextOf("type") is "thinking" or "reasoning" or "thought"
        || (part["thought"] is JsonValue value && value.TryGetValue(out bool isThought) && isThought);

    private static void Set(JsonObject message, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            message[name] = text;
        }
    }
}
