using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>Tool calls without index, id or type, in other forms, and in fragments that do not fit together.</summary>
internal static class ToolCallsRule
{
    /// <summary>Each call gets an id of its own, its type, and arguments as a text. Those of a stream are kept until its end, as nobody can call
    /// anything before; see <see cref="Rest"/>.</summary>
    /// <exception cref="AnswerException">There is a call that cannot be read.</exception>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var message in answer.MessagesOf())
        {
            if (message["tool_calls"] is not { } node || node is JsonArray { Count: 0 })
            {
                continue;
            }

            var calls = node as JsonArray ?? (JsonMembers.HasAny(node) ? [node.DeepClone()] : []);
            isMended |= (state.Streams ? Keep(calls, state) : MendAll(calls)) || calls != node;
            if (calls.Count == 0)
            {
                message.Remove("tool_calls");
            }
            else if (calls != node)
            {
                message["tool_calls"] = calls;
            }
        }

        return isMended;
    }

    /// <summary>The calls of a stream, at its end.</summary>
    /// <exception cref="AnswerException">There is one that cannot be read.</exception>
    public static JsonArray Rest(AnswerState state)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. state.ToolCalls.All.Where(static slot => slot.Name is not null || slot.HasArguments).Select((slot, index) =>
            {
                var call = Make(new ToolCallFragment(null, slot.Id, slot.Name, slot.Arguments), ids);
                call["index"] = index;
                return call;
            }),
        ];
    }

    // Calls of another kind stay where they are.
    private static bool IsCustom(JsonNode? node) => node is JsonObject call && call.ContainsKey("custom");

    private static ToolCallFragment Read(JsonNode call) => call is JsonObject members ? ToolCallFragment.Of(members) : throw Unreadable(call);

    private static bool Keep(JsonArray calls, AnswerState state)
    {
        for (var i = 0; i < calls.Count; i++)
        {
            if (calls[i] is { } call && !IsCustom(call) && Read(call) is var fragment && (!fragment.IsEmpty || fragment.Id is not null))
            {
                state.ToolCalls.Add(fragment, i, calls.Count);
                state.Parts |= fragment.IsEmpty ? AnswerParts.None : AnswerParts.Calls;
            }
        }

        return calls.RemoveAll(static call => !IsCustom(call)) > 0;
    }

    private static bool MendAll(JsonArray calls)
    {
        // One that has nothing to call is none.
        var isMended = calls.RemoveAll(static call => call is null || (!IsCustom(call) && Read(call).IsEmpty)) > 0;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < calls.Count; i++)
        {
            var call = calls[i]!.AsObject();
            if (!IsCustom(call) && !(IsRight(call) && ids.Add(call.TextOf("id")!)))
            {
                calls[i] = Make(Read(call), ids);
                isMended = true;
            }
        }

        return isMended;
    }

    private static bool IsRight(JsonObject call) =>
        call.TextOf("id") is not (null or "null") && (call.TextOf("type") == "function" || !call.ContainsKey("type"))
        && call["function"] is JsonObject function && function.TextOf("name") is not null && !string.IsNullOrWhiteSpace(function.TextOf("arguments"));

    private static JsonObject Make(ToolCallFragment call, HashSet<string> ids)
    {
        var arguments = string.IsNullOrWhiteSpace(call.Arguments) ? "{}" : call.Arguments;
        var function = new JsonObject { ["name"] = call.Name ?? throw Unreadable(JsonValue.Create(arguments)), ["arguments"] = arguments };
        var id = call.Id is not null && ids.Add(call.Id) ? call.Id : $"call_{Guid.NewGuid():N}"; // Results are found by it.
        return new JsonObject { ["id"] = id, ["type"] = "function", ["function"] = function };
    }

    private static AnswerException Unreadable(JsonNode call) =>
        new(AnswerFault.NoCompletion, $"a tool call without a name: {PlainText.Shorten(call.ToJsonString(JsonText.Options))}");
}
