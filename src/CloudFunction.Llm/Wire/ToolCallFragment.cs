using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudFunction.Llm.Wire;

/// <summary>A tool call, or a part of one, as it came: what is missing, empty or of another kind is <see langword="null"/>.</summary>
internal readonly record struct ToolCallFragment(long? Index, string? Id, string? Name, string? Arguments)
{
    private static readonly string[] ArgumentNames = ["arguments", "input", "parameters", "args"];

    /// <summary>Whether there is anything to call in it.</summary>
    public bool IsEmpty => Name is null && string.IsNullOrWhiteSpace(Arguments);

    /// <summary>Reads OpenAI's form, and those in which the function's members are the call's, or have other names.</summary>
    public static ToolCallFragment Of(JsonObject call)
    {
        var function = call["function"] as JsonObject;
        var arguments = new[] { function, call }.OfType<JsonObject>()
            .SelectMany(static owner => ArgumentNames.Select(name => owner[name]))
            .FirstOrDefault(static node => node is JsonObject or JsonArray || IsText(node));
        return new ToolCallFragment(
            call.NumberOf("index"),
            IdOf(call),
            function?.TextOf("name") ?? call.TextOf("name") ?? call.TextOf("function"),
            arguments is JsonObject or JsonArray ? arguments.ToJsonString(JsonText.Options) : arguments?.GetValue<string>());
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    // Some servers send a number, others the word "null".
    private static string? IdOf(JsonObject call) =>
        call["id"] is JsonValue value && value.ToString() is { Length: > 0 } id && id != "null" ? id : null;
}
