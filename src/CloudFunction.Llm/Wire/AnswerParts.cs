namespace CloudFunction.Llm.Wire;

/// <summary>What of an answer its reader can use.</summary>
[Flags]
internal enum AnswerParts
{
    None = 0,
    Text = 1,
    Thoughts = 2,
    Calls = 4,
    Refusal = 8,
    Audio = 16,
}
