using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire;

/// <summary>What has come of one answer.</summary>
/// <param name="streams">Whether it comes in chunks.</param>
internal sealed class AnswerState(bool streams)
{
    public bool Streams => streams;

    /// <summary>The answer's id: the first one that came.</summary>
    public string? Id { get; set; }

    /// <summary>Whether anything of the answer itself has come, be it empty.</summary>
    public bool HasChoice { get; set; }

    /// <summary>What has come that its reader can use.</summary>
    public AnswerParts Parts { get; set; }

    public bool HasOutput => Parts != AnswerParts.None;

    /// <summary>Whether a reason why it ended has come.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Whether a stream's parts are in messages where others have deltas.</summary>
    public bool ComesInMessages { get; set; }

    /// <summary>Whether it has ended to have tools called.</summary>
    public bool EndsWithCalls { get; set; }

    /// <summary>The thoughts that came in parts, as long as each piece has had all that came before it.</summary>
    public string? Details { get; set; } = "";

    /// <summary>The tokens of a stream: the most that were reported of each kind.</summary>
    public JsonObject? Usage { get; set; }

    public ToolCallSlots ToolCalls { get; } = new();

    /// <summary>Notes what a piece of the answer has brought, once it is mended.</summary>
    public void Note(JsonObject piece)
    {
        foreach (var choice in piece.ChoicesOf())
        {
            HasChoice = true;
            EndsWithCalls |= choice.TextOf("finish_reason") is "tool_calls" or "function_call";
            IsFinished |= choice.TextOf("finish_reason") is not null || piece.ContainsKey(Rules.FinishReasonRule.Mark);
            if (choice.MessageOf() is { } message)
            {
                Parts |= PartOf(message["content"], AnswerParts.Text) | PartOf(message["reasoning_content"], AnswerParts.Thoughts)
                    | PartOf(message["tool_calls"], AnswerParts.Calls) | PartOf(message["refusal"], AnswerParts.Refusal)
                    | PartOf(message["audio"], AnswerParts.Audio);
            }
        }
    }

    private static AnswerParts PartOf(JsonNode? node, AnswerParts part) => JsonMembers.HasAny(node) ? part : AnswerParts.None;
}
