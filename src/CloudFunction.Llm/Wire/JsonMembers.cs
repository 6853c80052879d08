using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire;

/// <summary>Members of JSON that may be anything.</summary>
internal static class JsonMembers
{
    /// <summary>JSON as nodes that can be changed. Of members with the same name the last one is taken, as the SDK does.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> json) => ToNode(JsonElement.Parse(json));

    /// <summary>A member that is a text, and not empty.</summary>
    public static string? TextOf(this JsonObject owner, string name) =>
        owner[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;

    /// <summary>Whether there is anything in it: no null, and no empty text, list or object.</summary>
    public static bool HasAny(JsonNode? node) => node switch
    {
        JsonArray list => list.Count > 0,
        JsonObject members => members.Count > 0,
        JsonValue value => !value.TryGetValue(out string? text) || text.Length > 0,
        _ => false,
    };

    /// <summary>A member that is a whole number, or a text of one.</summary>
    public static long? NumberOf(this JsonObject owner, string name) => ToNumber(owner[name]);

    /// <summary>A whole number out of a number with or without a fraction, or a text of one.</summary>
    public static long? ToNumber(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out long number) => number,
        JsonValue value when value.TryGetValue(out double number) && Math.Abs(number) < 1e15 => (long)number,
        JsonValue value when value.TryGetValue(out string? text)
            && long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    /// <summary>Makes a member that is there a whole number of 32 bits, or leaves it out where it is none.</summary>
    /// <returns>Whether it was something else.</returns>
    public static bool MendInteger(this JsonObject owner, string name)
    {
        if (!owner.TryGetPropertyValue(name, out var node) || (node is JsonValue value && value.TryGetValue(out int whole) && whole >= 0))
        {
            return false;
        }

        owner.Remove(name);
        if (ToNumber(node) is >= 0 and <= int.MaxValue and var number)
        {
            owner[name] = (int)number;
        }

        return true;
    }

    /// <summary>The choices of an answer that are objects.</summary>
    public static IEnumerable<JsonObject> ChoicesOf(this JsonObject answer) => answer["choices"] is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>A choice's message or, in a stream, the part of it that has come.</summary>
    public static JsonObject? MessageOf(this JsonObject choice) => choice["delta"] as JsonObject ?? choice["message"] as JsonObject;

    /// <summary>The messages of all choices.</summary>
    public static IEnumerable<JsonObject> MessagesOf(this JsonObject answer) => answer.ChoicesOf().Select(MessageOf).OfType<JsonObject>();

    private static JsonNode? ToNode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    members[member.Name] = ToNode(member.Value);
                }

                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(ToNode)]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(element);
        }
    }
}
