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
            var isClean = reader.Read() && reader.TokenType == JsonTokenType.StartObject && IsAnswer(ref reader, state, ref brings) && brings.Choice;
            if (!isClean || reader.Read())
            {
                return false;
            }

            state.HasChoice = true;
            state.HasOutput |= brings.Output;
            state.IsFinished |= brings.End;
            return true;
        }
        catch (JsonException)
        {
            return false; // Reported by the one who reads all of it.
        }
    }

    private static bool IsAnswer(ref Utf8JsonReader reader, AnswerState state, ref Brings brings)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isClean;
            if (reader.ValueTextEquals("choices"u8))
            {
                isClean = IsChoices(ref reader, ref brings);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                isClean = reader.Read() && reader.TokenType == JsonTokenType.String && IsId(ref reader, state);
            }
            else if (reader.ValueTextEquals("created"u8))
            {
                isClean = reader.Read() && reader.TokenType == JsonTokenType.Number
                    && reader.TryGetInt64(out var time) && time is >= 0 and <= MaxUnixTime;
            }
            else if (reader.ValueTextEquals("model"u8) || reader.ValueTextEquals("object"u8) || reader.ValueTextEquals("system_fingerprint"u8)
                || reader.ValueTextEquals("service_tier"u8))
            {
                isClean = IsText(ref reader) && (reader.TokenType == JsonTokenType.Null || reader.ValueSpan.Length > 0);
            }
            else if (reader.ValueTextEquals("usage"u8) || reader.ValueTextEquals("error"u8) || reader.ValueTextEquals("base_resp"u8))
            {
                isClean = IsNull(ref reader);
            }
            else
            {
                reader.Skip();
                isClean = true;
            }

            if (!isClean)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsId(ref Utf8JsonReader reader, AnswerState state)
    {
        state.Id ??= reader.ValueSpan.Length == 0 ? null : reader.GetString();
        return state.Id is not null && reader.ValueTextEquals(state.Id);
    }

    private static bool IsChoices(ref Utf8JsonReader reader, ref Brings brings)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            brings.Choice = true;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isClean;
                if (reader.ValueTextEquals("delta"u8))
                {
                    isClean = reader.Read() && reader.TokenType == JsonTokenType.StartObject && IsDelta(ref reader, ref brings);
                }
                else if (reader.ValueTextEquals("index"u8))
                {
                    isClean = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out _);
                }
                else if (reader.ValueTextEquals("finish_reason"u8))
                {
                    isClean = IsFinishReason(ref reader, ref brings);
                }
                else if (reader.ValueTextEquals("logprobs"u8) || reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("text"u8)
                    || reader.ValueTextEquals("error"u8))
                {
                    isClean = IsNull(ref reader);
                }
                else
                {
                    reader.Skip();
                    isClean = true;
                }

                if (!isClean)
                {
                    return false;
                }
            }
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool IsDelta(ref Utf8JsonReader reader, ref Brings brings)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isClean;
            if (reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("reasoning_content"u8))
            {
                isClean = IsText(ref reader);
                brings.Output |= isClean && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0;
            }
            else if (reader.ValueTextEquals("role"u8))
            {
                isClean = reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("assistant"u8);
            }
            else if (reader.ValueTextEquals("tool_calls"u8) || reader.ValueTextEquals("function_call"u8) || reader.ValueTextEquals("refusal"u8)
                || reader.ValueTextEquals("reasoning"u8) || reader.ValueTextEquals("audio"u8) || reader.ValueTextEquals("annotations"u8))
            {
                isClean = IsNull(ref reader);
            }
            else
            {
                reader.Skip();
                isClean = true;
            }

            if (!isClean)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsFinishReason(ref Utf8JsonReader reader, ref Brings brings)
    {
        if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        return brings.End = reader.TokenType == JsonTokenType.String
            && (reader.ValueTextEquals("stop"u8) || reader.ValueTextEquals("length"u8) || reader.ValueTextEquals("tool_calls"u8)
                || reader.ValueTextEquals("content_filter"u8) || reader.ValueTextEquals("function_call"u8));
    }

    private static bool IsText(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType is JsonTokenType.String or JsonTokenType.Null;

    private static bool IsNull(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.Null;

    private ref struct Brings
    {
        public bool Choice;
        public bool Output;
        public bool End;
    }
}
