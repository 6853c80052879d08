using System.Text.Json;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>An environment as the API shows it: its names alone.</summary>
internal static class EnvironmentJson
{
    /// <summary>In the place of every value.</summary>
    public const string Masked = "***";

    public static void WriteNames(Utf8JsonWriter json, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            json.WriteString(name, Masked);
        }
    }
}
