using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>Tool calls without index, id or type, and arguments that are no text.</summary>
internal static class ToolCallsRule
{
    /// <summary>In a stream each fragment gets the index of its call; everywhere each call gets an id, its type, and arguments as a text.</summary>
    public static bool Mend(JsonObject answer, AnswerState state)
    {
        var isMended = false;
        foreach (var message in answer.MessagesOf())
        {
            if (message["tool_calls"] is not JsonArray { Count: > 0 } calls)
            {
                continue;
            }

            isMended |= calls.RemoveAll(call => !IsCall(call, state)) > 0;
            for (var i = 0; i < calls.Count; i++)
            {
                var call = calls[i]!.AsObject();
                if (call.ContainsKey("custom"))
                {
                    continue; // Of another kind, which is left alone.
                }

                var function = call["function"] as JsonObject ?? [];
                call["function"] ??= function;
                isMended |= MendArguments(function, state) | MendType(call)
                    | (state.Streams ? MendFragment(call, function, state.ToolCalls, i, calls.Count) : MendId(call));
            }
        }

        return isMended;
    }

    /// <summary>The last chunk of a stream whose calls have no arguments; <see langword="null"/> where all have.</summary>
    public static JsonObject? Close(AnswerState state)
    {
        var calls = state.ToolCalls.WithoutArguments
            .Select(static slot => new JsonObject { ["index"] = slot.Index, ["function"] = new JsonObject { ["arguments"] = "{}" } })
            .ToArray<JsonNode>();
        return calls.Length == 0 ? null
            : new JsonObject { ["choices"] = new JsonArray(new JsonObject { ["delta"] = new JsonObject { ["tool_calls"] = new JsonArray(calls) } }) };
    }

    // A call has a name; a fragment of one may have nothing but an id.
    private static bool IsCall(JsonNode? node, AnswerState state) => node is JsonObject call
        && (call.ContainsKey("custom")
            || (call["function"] is JsonObject function && (state.Streams || function.TextOf("name") is not null))
            || (state.Streams && call["function"] is null && IdOf(call) is not null));

    private static bool MendArguments(JsonObject function, AnswerState state)
    {
        function.TryGetPropertyValue("arguments", out var arguments);
        if (arguments is JsonObject or JsonArray)
        {
            function["arguments"] = arguments.ToJsonString(JsonText.Options);
        }
        else if (state.Streams && function.ContainsKey("arguments") && arguments?.GetValueKind() != JsonValueKind.String)
        {
            function.Remove("arguments");
        }
        else if (!state.Streams && string.IsNullOrWhiteSpace(function.TextOf("arguments")))
        {
            function["arguments"] = "{}";
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool MendType(JsonObject call)
    {
        if (call.TextOf("type") == "function" || !call.ContainsKey("type"))
        {
            return false;
        }

        call["type"] = "function";
        return true;
    }

    private static bool MendId(JsonObject call)
    {
        if (IdOf(call) is { } id && call.TextOf("id") == id)
        {
            return false;
        }

        call["id"] = IdOf(call) ?? NewId();
        return true;
    }

    private static bool MendFragment(JsonObject call, JsonObject function, ToolCallSlots slots, int position, int count)
    {
        var index = call.NumberOf("index");
        var fragment = new ToolCallFragment(index, IdOf(call), function.TextOf("name"), function.TextOf("arguments"));
        var slot = slots.Of(fragment, position, count);
        var isMended = false;
        if (index != slot.Index || call["index"] is not JsonValue value || !value.TryGetValue(out int _))
        {
            call["index"] = slot.Index;
            isMended = true;
        }

        if (!slot.HasBegun)
        {
            slot.HasBegun = true;
            isMended |= MendId(call);
        }
        else
        {
            isMended |= call.ContainsKey("id") && call.Remove("id");
        }

        return isMended | (function.ContainsKey("name") && fragment.Name is null && function.Remove("name"));
    }

    // Some servers send a number, others the word "null".
    private static string? IdOf(JsonObject call) =>
        call["id"] is JsonValue value && value.ToString() is { Length: > 0 } id && id != "null" ? id : null;

    private static string NewId() => $"call_{Guid.NewGuid():N}";
}
