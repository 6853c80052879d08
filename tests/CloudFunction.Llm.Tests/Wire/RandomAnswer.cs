using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Tests.Wire;

/// <summary>Answers in which members are missing, or something else than they should be.</summary>
internal static class RandomAnswer
{
    private static readonly string[] Odd =
    [
        "null", "\"\"", "\"null\"", "0", "-1", "7", "1.5", "1771279826000", "99999999999",
        "\"5\"", "\"odd\"", "true", "false", "[]", "{}", "[null]", "[{}]",
        "[\"a\"]", "{\"a\":1}", "{\"text\":\"t\"}", "[{\"type\":\"odd\"}]", "[{\"type\":\"text\",\"text\":\"t\"}]",
    ];

    private static readonly string[] Others =
    [
        "index", "audio", "annotations", "function_call", "reasoning", "reasoning_details", "error", "base_resp", "text", "delta", "message", "code",
        "Msg", "status", "exception",
    ];

    /// <summary>One that is all right but for so many of its members.</summary>
    public static JsonObject Of(Random random, string message, int mutations)
    {
        var text = random.Next(3) == 0 ? "null" : random.Next(4) == 0 ? "\"\"" : "\"Hello\"";
        var call = random.Next(3) > 0 ? "null" : """[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]""";
        var reason = random.Next(3) switch { 0 when message == "delta" => "null", 1 => "\"length\"", _ => "\"stop\"" };
        var usage = random.Next(2) == 0 ? "null"
            : """{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":{"cached_tokens":0}}""";
        var answer = JsonNode.Parse(
            $$$"""
            {"id":"c","object":"o","created":1,"model":"m","system_fingerprint":"f","service_tier":"default",
             "choices":[{"index":0,"logprobs":null,"finish_reason":{{{reason}}},
               "{{{message}}}":{"role":"assistant","content":{{{text}}},"reasoning_content":"r","refusal":null,"tool_calls":{{{call}}}}}],
             "usage":{{{usage}}}}
            """)!.AsObject();
        for (; mutations > 0; mutations--)
        {
            var objects = Objects(answer).ToArray();
            var owner = objects[random.Next(objects.Length)];
            string[] names = [.. owner.Select(m => m.Key), .. Others];
            var name = names[random.Next(names.Length)];
            if (random.Next(5) == 0)
            {
                owner.Remove(name);
            }
            else
            {
                owner[name] = JsonNode.Parse(Odd[random.Next(Odd.Length)]);
            }
        }

        return answer;
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => Objects(m.Value)).Prepend(members),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };
}
