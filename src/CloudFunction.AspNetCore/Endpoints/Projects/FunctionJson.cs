using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>A function as the API shows it.</summary>
internal static class FunctionJson
{
    /// <summary>A function's status.</summary>
    public static string ToText(bool isDisabled) => isDisabled ? "disabled" : "active";

    /// <summary>The rows of a list, under <c>functions</c>.</summary>
    public static void WriteSummaries(Utf8JsonWriter json, IReadOnlyList<FunctionInfo> functions)
    {
        json.WriteStartArray("functions"u8);
        foreach (var function in functions)
        {
            json.WriteStartObject();
            WriteHead(json, function);
            json.WriteString("status"u8, ToText(function.Disabled));
            WriteLastExecuted(json, function);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>All that is known, under <c>function</c>.</summary>
    public static void WriteDetails(Utf8JsonWriter json, FunctionInfo function)
    {
        json.WriteStartObject("function"u8);
        WriteHead(json, function);
        WriteSchema(json, "parameters"u8, function.Parameters);
        WriteSchema(json, "response"u8, function.Response);
        json.WriteString("status"u8, ToText(function.Disabled));
        json.WriteString("created_at"u8, UtcTimestamp.ToText(function.CreatedAt));
        json.WriteString("updated_at"u8, UtcTimestamp.ToText(function.UpdatedAt));
        WriteLastExecuted(json, function);
        json.WriteNumber("execution_count"u8, function.ExecutionCount);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, FunctionInfo function)
    {
        json.WriteString("name"u8, function.Name);
        json.WriteString("description"u8, function.Description);
    }

    private static void WriteLastExecuted(Utf8JsonWriter json, FunctionInfo function) =>
        json.WriteString("last_executed"u8, function.LastExecuted is { } time ? UtcTimestamp.ToText(time) : null);

    private static void WriteSchema(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> schema)
    {
        json.WritePropertyName(name);
        if (schema.IsEmpty)
        {
            json.WriteNullValue();
        }
        else
        {
            // A worker wrote it, so it is checked: a broken one must not break the answer around it.
            json.WriteRawValue(schema.Span);
        }
    }
}
