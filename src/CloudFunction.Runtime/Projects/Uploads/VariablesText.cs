using System.Text.Json;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Reads variables that come with an upload: a JSON object, or lines as in a <c>.env</c> file.</summary>
internal static class VariablesText
{
    private const string Name = "env_vars";

    /// <summary>Reads them.</summary>
    /// <returns>By name; null for one that is to be removed, which only JSON can express.</returns>
    /// <exception cref="ProjectException">The JSON is wrong, or a value is no string.</exception>
    /// <exception cref="DotEnvException">The lines are wrong; all errors are named.</exception>
    public static IReadOnlyDictionary<string, string?> Read(string text) =>
        text.AsSpan().TrimStart() is ['{', ..]
            ? ReadJson(text)
            : DotEnvFile.Parse(text, Name).Values.ToDictionary(each => each.Key, each => (string?)each.Value);

    private static Dictionary<string, string?> ReadJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 2 });
            return document.RootElement.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.ValueKind switch
            {
                JsonValueKind.String => each.Value.GetString(),
                JsonValueKind.Null => null,
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => each.Value.GetRawText(),
                _ => throw new JsonException($"the value of {each.Name} is neither text, number, boolean nor null"),
            });
        }
        catch (JsonException error)
        {
            throw new ProjectException(
                ProjectErrorCode.EnvironmentError, $"{Name} is not a JSON object of names and values: {error.Message}", error)
            {
                Field = Name,
            };
        }
    }
}
