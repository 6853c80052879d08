using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>What an answer is called, and when it was made.</summary>
internal static class IdentityRule
{
    private const long MaxUnixTime = 253_402_300_799; // The last second of the year 9999.

    private static readonly string[] Texts = ["id", "object", "model", "system_fingerprint", "service_tier"];

    /// <summary>Numbers as texts, one id for all of a stream, and a time in seconds; what is empty or nothing of the kind is left out.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var name in Texts)
        {
            if (answer[name] is { } node && (node.GetValueKind() != JsonValueKind.String || answer.TextOf(name) is null))
            {
                answer.Remove(name);
                if (node is JsonValue && node.ToString().Length > 0)
                {
                    answer[name] = node.ToString();
                }

                isMended = true;
            }
        }

        if (answer.TextOf("id") is { } id)
        {
            state.Id ??= id;
            if (id != state.Id)
            {
                answer["id"] = state.Id; // Another one is another message, for whoever puts the parts together.
                isMended = true;
            }
        }

        return MendTime(answer) || isMended;
    }

    private static bool MendTime(JsonObject answer)
    {
        if (!answer.TryGetPropertyValue("created", out var created)
            || (created is JsonValue value && value.TryGetValue(out long seconds) && seconds is >= 0 and <= MaxUnixTime))
        {
            return false;
        }

        var time = JsonMembers.ToNumber(created);
        time = time > MaxUnixTime ? time / 1000 : time; // Milliseconds.
        answer.Remove("created");
        if (time is >= 0 and <= MaxUnixTime)
        {
            answer["created"] = time;
        }

        return true;
    }
}
