using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>A call in the form that came before <c>tool_calls</c>.</summary>
internal static class FunctionCallRule
{
    /// <summary>It becomes a tool call.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var message in answer.MessagesOf())
        {
            if (message["function_call"] is not { } call)
            {
                continue;
            }

            message.Remove("function_call");
            isMended = true;
            if (call is JsonObject && message["tool_calls"] is not JsonArray { Count: > 0 })
            {
                message["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["function"] = call });
            }
        }

        return isMended;
    }
}
