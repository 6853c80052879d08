using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>A task as the API shows it, but for its payload and result.</summary>
internal static class TaskJson
{
    /// <summary>A page of the list, as a whole answer.</summary>
    public static void WritePage(Utf8JsonWriter json, TaskPage page)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        json.WriteStartArray("tasks"u8);
        foreach (var task in page.Tasks)
        {
            json.WriteStartObject();
            WriteNames(json, task);
            json.WriteString("status"u8, TaskStatusName.Of(task.Status));
            json.WritePropertyName("error"u8);
            TaskErrorJson.Write(json, task.Error, outcome: null);
            WriteTerms(json, task);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("next_cursor"u8, page.Next?.ToString());
        json.WriteEndObject();
    }

    /// <summary>Whose task it is.</summary>
    public static void WriteNames(Utf8JsonWriter json, TaskSummary task)
    {
        json.WriteString("task_id"u8, task.Id.ToString());
        json.WriteString("project_name"u8, task.Project);
        json.WriteString("function_name"u8, task.Function);
    }

    /// <summary>Every attempt.</summary>
    public static void WriteAttempts(Utf8JsonWriter json, IReadOnlyList<TaskAttempt> attempts)
    {
        json.WriteStartArray("attempts"u8);
        foreach (var attempt in attempts)
        {
            json.WriteStartObject();
            json.WriteNumber("number"u8, attempt.Number);
            json.WriteString("started_at"u8, UtcTimestamp.ToText(attempt.StartedAt));
            json.WriteString("ended_at"u8, ToText(attempt.EndedAt));
            json.WriteString("worker"u8, attempt.Worker);
            json.WriteString("outcome"u8, attempt.Outcome is { } outcome ? TaskErrorJson.ToText(outcome) : null);
            json.WritePropertyName("error"u8);
            TaskErrorJson.Write(json, attempt.Error, attempt.Outcome);
            json.WriteString("invocation_id"u8, attempt.LogReference);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>How it is run, and when.</summary>
    public static void WriteTerms(Utf8JsonWriter json, TaskSummary task)
    {
        json.WriteNumber("attempt_count"u8, task.Attempts);
        json.WriteNumber("max_attempts"u8, task.AttemptLimit);
        json.WriteString("created_at"u8, UtcTimestamp.ToText(task.CreatedAt));
        json.WriteString("updated_at"u8, UtcTimestamp.ToText(task.UpdatedAt));
        json.WriteString("due_at"u8, task.Status.IsWaiting() ? UtcTimestamp.ToText(task.DueAt) : null);
        json.WriteString("callback_url"u8, WithoutQuery(task.Terms.CallbackUrl));
        json.WriteString("schedule"u8, task.Terms.Schedule);
        json.WriteBoolean("cancel_requested"u8, task.IsCancelRequested);
    }

    private static string? ToText(DateTimeOffset? time) => time is { } there ? UtcTimestamp.ToText(there) : null;

    // Where it is called is for everybody who may read the task; the query often holds a token.
    private static string? WithoutQuery(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            ? parsed.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : null;
}
