using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>A model's thoughts under another name than <c>reasoning_content</c>.</summary>
internal static class ReasoningRule
{
    /// <summary>Ollama, OpenRouter and newer versions of vLLM call them <c>reasoning</c>.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var message in answer.MessagesOf())
        {
            if (message.TextOf("reasoning") is { } thoughts && message.TextOf("reasoning_content") is null)
            {
                message["reasoning_content"] = thoughts;
                isMended = true;
            }
        }

        return isMended;
    }
}
