using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudFunction.Llm.Wire.Rules;

namespace CloudFunction.Llm.Wire;

/// <summary>Makes of one answer, or of each chunk of a stream, what the SDK reads. What needs no mending, or is not understood, stays as it
/// came, to the byte.</summary>
internal sealed class AnswerNormalizer(bool streams)
{
    public AnswerState State { get; } = new(streams);

    /// <summary>The piece to pass on; empty where there is nothing to pass on.</summary>
    /// <param name="piece">JSON, or what came in its place.</param>
    /// <exception cref="AnswerException">It is an error of the provider's.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public ReadOnlyMemory<byte> Normalize(ReadOnlyMemory<byte> piece)
    {
        piece = AnswerText.Mend(piece);
        if (streams && CleanChunk.TryNote(piece.Span, State))
        {
            return piece;
        }

        JsonNode? node;
        try
        {
            node = JsonMembers.Parse(piece.Span);
        }
        catch (JsonException) when (!JsonText.IsCut(piece.Span))
        {
            piece = JsonRepair.Of(piece.Span);
            node = JsonMembers.Parse(piece.Span);
        }

        if (ReportedError.In(node) is { } error)
        {
            throw new AnswerException(AnswerFault.Reported, error.Reason, error.IsTransient);
        }

        // What brings nothing is no sign of an answer that goes on: a ping as JSON, for example.
        if (node is not JsonObject answer || (streams && answer["choices"] is null && answer["usage"] is null))
        {
            return default;
        }

        var isMended = false;
        foreach (var rule in WireRules.All)
        {
            isMended |= rule.Mend(answer, State);
        }

        State.Note(answer);
        if (!streams)
        {
            CheckCalls();
        }

        return isMended ? Encoding.UTF8.GetBytes(answer.ToJsonString(JsonText.Options)) : piece;
    }

    /// <summary>What a stream has kept back until its end; empty where there is nothing.</summary>
    /// <exception cref="AnswerException">Its tool calls cannot be read.</exception>
    public ReadOnlyMemory<byte> Close()
    {
        var calls = ToolCallsRule.Rest(State);
        CheckCalls();
        if (calls.Count == 0 && State.Usage is null)
        {
            return default;
        }

        var piece = new JsonObject
        {
            ["choices"] = calls.Count == 0 ? [] : new JsonArray(new JsonObject { ["delta"] = new JsonObject { ["tool_calls"] = calls } }),
        };
        if (State.Id is not null)
        {
            piece["id"] = State.Id;
        }

        if (State.Usage is not null)
        {
            piece["usage"] = State.Usage;
        }

        return Encoding.UTF8.GetBytes(piece.ToJsonString(JsonText.Options));
    }

    private void CheckCalls()
    {
        if (State.EndsWithCalls && (State.Parts & ~AnswerParts.Thoughts) == AnswerParts.None)
        {
            throw new AnswerException(AnswerFault.NoCompletion, "it ended to have tools called, and has no tool call");
        }
    }
}
