using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>A project as the API shows it. Values of its environment never are.</summary>
internal static class ProjectJson
{
    public static string ToText(ProjectStatus status) => status switch
    {
        ProjectStatus.Starting => "starting",
        ProjectStatus.Running => "running",
        ProjectStatus.Stopped => "stopped",
        ProjectStatus.Unhealthy => "unhealthy",
        _ => "failed",
    };

    /// <summary>A row of the list.</summary>
    public static void WriteSummary(Utf8JsonWriter json, ProjectInfo project)
    {
        json.WriteStartObject();
        WriteHead(json, project);
        WriteTexts(json, "functions"u8, project.Functions.Select(static function => function.Name));
        WriteTimes(json, project);
        json.WriteEndObject();
    }

    /// <summary>All that is known.</summary>
    public static void WriteDetails(Utf8JsonWriter json, ProjectInfo project)
    {
        json.WriteStartObject();
        WriteHead(json, project);
        FunctionJson.WriteSummaries(json, project.Functions);
        json.WriteStartObject("env"u8);
        EnvironmentJson.WriteNames(json, project.EnvironmentKeys);
        json.WriteEndObject();
        WriteTexts(json, "dependencies"u8, project.Dependencies);
        json.WriteStartArray("workers"u8);
        foreach (var worker in project.Workers)
        {
            WorkerJson.Write(json, worker, withProject: false);
        }

        json.WriteEndArray();
        json.WriteString("last_error"u8, project.LastError);
        WriteTimes(json, project);
        json.WriteEndObject();
    }

    public static void WriteTexts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    public static void WriteVersion(Utf8JsonWriter json, int? version)
    {
        if (version is { } number)
        {
            json.WriteNumber("version"u8, number);
        }
        else
        {
            json.WriteNull("version"u8);
        }
    }

    private static void WriteHead(Utf8JsonWriter json, ProjectInfo project)
    {
        json.WriteString("name"u8, project.Name);
        json.WriteString("status"u8, ToText(project.Status));
        WriteVersion(json, project.Version);
    }

    private static void WriteTimes(Utf8JsonWriter json, ProjectInfo project)
    {
        json.WriteString("created_at"u8, UtcTimestamp.ToText(project.CreatedAt));
        json.WriteString("updated_at"u8, UtcTimestamp.ToText(project.UpdatedAt));
    }
}
