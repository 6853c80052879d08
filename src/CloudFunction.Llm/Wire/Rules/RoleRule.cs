using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>Who speaks.</summary>
internal static class RoleRule
{
    /// <summary>An answer is the assistant's, whatever it is called, or not. In a stream that need not be repeated.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var message in answer.MessagesOf())
        {
            var role = message.TextOf("role");
            if (role == "assistant" || (state.Streams && !message.ContainsKey("role")))
            {
                continue;
            }

            if (state.Streams && role is null)
            {
                message.Remove("role");
            }
            else
            {
                message["role"] = "assistant";
            }

            isMended = true;
        }

        return isMended;
    }
}
