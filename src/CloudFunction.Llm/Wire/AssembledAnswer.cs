using System.Text;
using System.Text.Json.Nodes;
using CloudFunction.Llm.Wire.Rules;

namespace CloudFunction.Llm.Wire;

/// <summary>A whole answer out of the chunks of a stream, which some servers send whatever they are asked for.</summary>
internal sealed class AssembledAnswer
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thoughts = new();
    private readonly StringBuilder _refusal = new();
    private readonly JsonObject _answer = [];
    private JsonNode? _calls;
    private JsonNode? _finishReason;
    private long _length;

    /// <summary>Adds a chunk that is in order.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <exception cref="AnswerException">They are too many for a whole answer.</exception>
    public void Add(JsonObject chunk, int length)
    {
        _length += length;
        if (_length > AnswerReader.MaxBytes)
        {
            throw new AnswerException(AnswerFault.NoCompletion, $"more than {AnswerReader.MaxBytes / 1024 / 1024} MB in a stream of one answer");
        }

        foreach (var (name, node) in chunk)
        {
            if (name is not "choices" && node is not null)
            {
                _answer[name] ??= node.DeepClone();
            }
        }

        foreach (var choice in chunk.ChoicesOf().Where(static choice => choice.NumberOf("index") is null or 0))
        {
            _finishReason = (choice["finish_reason"] ?? chunk[FinishReasonRule.Mark] ?? _finishReason)?.DeepClone();
            if (choice.MessageOf() is { } delta)
            {
                _text.Append(PartText.Of(delta["content"]));
                _thoughts.Append(delta.TextOf("reasoning_content"));
                _refusal.Append(delta.TextOf("refusal"));
                _calls = delta["tool_calls"]?.DeepClone() ?? _calls;
            }
        }
    }

    /// <summary>All of it.</summary>
    public JsonObject ToJson()
    {
        _answer.Remove(FinishReasonRule.Mark);
        _answer["object"] = "chat.completion";
        _answer["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = _text.ToString(),
                ["reasoning_content"] = _thoughts.ToString(),
                ["refusal"] = _refusal.ToString(),
                ["tool_calls"] = _calls,
            },
            ["finish_reason"] = _finishReason,
        });
        return _answer;
    }
}
