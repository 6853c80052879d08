using System.Globalization;
using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>What a deployment has brought, as the API shows it.</summary>
internal static class DeployJson
{
    /// <summary>Answers with a message, the result, and the members that <paramref name="writeMore"/> adds; null adds none.</summary>
    public static Task AnswerAsync(
        HttpContext context, string message, DeployResult result, Action<Utf8JsonWriter, DeployResult>? writeMore = null) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, (message, result, writeMore), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            json.WriteString("message"u8, state.message);
            Write(json, state.result);
            state.writeMore?.Invoke(json, state.result);
            json.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter json, DeployResult result)
    {
        json.WriteNumber("version"u8, result.Version);
        ProjectJson.WriteTexts(json, "functions"u8, result.Functions);
        json.WriteStartObject("changes"u8);
        ProjectJson.WriteTexts(json, "added"u8, result.Changes.Added);
        ProjectJson.WriteTexts(json, "removed"u8, result.Changes.Removed);
        ProjectJson.WriteTexts(json, "kept"u8, result.Changes.Kept);
        json.WriteEndObject();
        json.WriteStartObject("timings"u8);
        json.WriteString("build"u8, Seconds(result.Timings.Build));
        json.WriteString("load"u8, Seconds(result.Timings.Load));
        json.WriteString("swap"u8, Seconds(result.Timings.Swap));
        json.WriteEndObject();
    }

    // As execution_time is written.
    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000}s");
}
