using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace CloudFunction.Llm.Clients;

/// <summary>A stream's refusal, which the adapter of the SDK gives beside tool calls only; a whole answer's it always gives.</summary>
internal sealed class StreamRefusal
{
    private readonly StringBuilder _text = new();
    private ChatResponseUpdate? _last;
    private bool _isGiven;

    /// <summary>Notes what a part of the answer has of it.</summary>
    public void Add(ChatResponseUpdate update)
    {
        _text.Append((update.RawRepresentation as StreamingChatCompletionUpdate)?.RefusalUpdate);
        _isGiven |= update.Contents.OfType<ErrorContent>().Any();
        _last = update;
    }

    /// <summary>The part that is missing at the stream's end; <see langword="null"/> where none is.</summary>
    public ChatResponseUpdate? Close() => _text.Length == 0 || _isGiven ? null
        : new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent(_text.ToString()) { ErrorCode = "Refusal" }])
        {
            ResponseId = _last?.ResponseId,
            MessageId = _last?.MessageId,
            ModelId = _last?.ModelId,
            CreatedAt = _last?.CreatedAt,
            FinishReason = _last?.FinishReason,
        };
}
