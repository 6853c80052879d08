using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire.Rules;

/// <summary>Text that comes as something else: a number, a list of parts, an object around it.</summary>
internal static class PartText
{
    private static readonly string[] Names = ["text", "thinking", "reasoning", "summary", "content", "parts", "value", "output_text"];

    /// <summary>All the text in it; empty where there is none.</summary>
    public static string Of(JsonNode? node) => node switch
    {
        JsonValue value => value.TryGetValue(out string? text) ? text : value.ToJsonString(),
        JsonArray parts => string.Concat(parts.Select(Of)),
        JsonObject members => Of(Names.Select(name => members[name]).FirstOrDefault(static member => member is not null)),
        _ => "",
    };
}
