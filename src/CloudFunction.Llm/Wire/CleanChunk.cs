using System.Text.Json;

namespace CloudFunction.Llm.Wire;

/// <summary>The quick way for most of a stream: finds that a chunk with text needs no mending, without making anything of it.</summary>
internal static class CleanChunk
{
    private const long MaxUnixTime = 253_402_300_799; // The last second of the year 9999.

    /// <summary>Whether the chunk can be passed on as it is; what it brings is noted then.</summary>
    public static bool TryNote(ReadOnlySpan<byte> json, AnswerState state)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var brings = new Brings();
            var isClean = reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && AreMembers(ref reader, state, ref brings, IsOfAnswer) && brings.Choice;
            if (!isClean || reader.Read())
            {
                return false;
            }

            state.HasChoice = true;
            state.Parts |= brings.Parts;
            state.IsFinished |= brings.End;
            return true;
        }
        catch (JsonException)
        {
            return false; // Reported by the one who reads all of it.
        }
    }

    // A member whose name has been read: whether it needs no mending. The reader is behind its value then.
    private delegate bool MemberCheck(ref Utf8JsonReader reader, AnswerState state, ref Brings brings);

    private static bool AreMembers(ref Utf8JsonReader reader, AnswerState state, ref Brings brings, MemberCheck isClean)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!isClean(ref reader, state, ref brings))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOfAnswer(ref Utf8JsonReader reader, AnswerState state, ref Brings brings)
    {
        if (reader.ValueTextEquals("choices"u8))
        {
            return AreChoices(ref reader, state, ref brings);
        }

        if (reader.ValueTextEquals("id"u8))
        {
            return reader.Read() && reader.TokenType == JsonTokenType.String && IsId(ref reader, state);
        }

        if (reader.ValueTextEquals("created"u8))
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var time) && time is >= 0 and <= MaxUnixTime;
        }

        if (reader.ValueTextEquals("model"u8) || reader.ValueTextEquals("object"u8) || reader.ValueTextEquals("system_fingerprint"u8)
            || reader.ValueTextEquals("service_tier"u8))
        {
            return IsText(ref reader) && (reader.TokenType == JsonTokenType.Null || reader.ValueSpan.Length > 0);
        }

        return reader.ValueTextEquals("usage"u8) || ErrorMembers.IsSign(ref reader)
            ? IsNull(ref reader)
            : Skip(ref reader);
    }

    private static bool IsId(ref Utf8JsonReader reader, AnswerState state)
    {
        state.Id ??= reader.ValueSpan.Length == 0 ? null : reader.GetString();
        return state.Id is not null && reader.ValueTextEquals(state.Id);
    }

    private static bool AreChoices(ref Utf8JsonReader reader, AnswerState state, ref Brings brings)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            brings.Choice = true;
            if (!AreMembers(ref reader, state, ref brings, IsOfChoice))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool IsOfChoice(ref Utf8JsonReader reader, AnswerState state, ref Brings brings)
    {
        if (reader.ValueTextEquals("delta"u8))
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && AreMembers(ref reader, state, ref brings, IsOfDelta);
        }

        if (reader.ValueTextEquals("index"u8))
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index) && index >= 0;
        }

        if (reader.ValueTextEquals("finish_reason"u8))
        {
            return IsFinishReason(ref reader, ref brings);
        }

        return reader.ValueTextEquals("logprobs"u8) || IsPart(ref reader) || ErrorMembers.IsSign(ref reader) ? IsNull(ref reader) : Skip(ref reader);
    }

    private static bool IsOfDelta(ref Utf8JsonReader reader, AnswerState state, ref Brings brings)
    {
        var part = reader.ValueTextEquals("content"u8) ? AnswerParts.Text
            : reader.ValueTextEquals("reasoning_content"u8) ? AnswerParts.Thoughts
            : AnswerParts.None;
        if (part != AnswerParts.None)
        {
            var isText = IsText(ref reader);
            brings.Parts |= isText && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0 ? part : AnswerParts.None;
            return isText;
        }

        if (reader.ValueTextEquals("role"u8))
        {
            return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("assistant"u8);
        }

        return IsPart(ref reader) || ErrorMembers.IsSign(ref reader) ? IsNull(ref reader) : Skip(ref reader);
    }

    // What rules look into, or put elsewhere.
    private static bool IsPart(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("tool_calls"u8)
        || reader.ValueTextEquals("function_call"u8) || reader.ValueTextEquals("refusal"u8) || reader.ValueTextEquals("audio"u8)
        || reader.ValueTextEquals("annotations"u8) || reader.ValueTextEquals("reasoning"u8) || reader.ValueTextEquals("reasoning_content"u8)
        || reader.ValueTextEquals("reasoning_details"u8) || reader.ValueTextEquals("thinking"u8);

    private static bool IsFinishReason(ref Utf8JsonReader reader, ref Brings brings)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        return brings.End = reader.TokenType == JsonTokenType.String
            && (reader.ValueTextEquals("stop"u8) || reader.ValueTextEquals("length"u8) || reader.ValueTextEquals("content_filter"u8));
    }

    private static bool IsText(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType is JsonTokenType.String or JsonTokenType.Null;

    private static bool IsNull(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.Null;

    private static bool Skip(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return true;
    }

    private ref struct Brings
    {
        public bool Choice;
        public AnswerParts Parts;
        public bool End;
    }
}
