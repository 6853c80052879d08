using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.Runtime.Schedules;

namespace CloudFunction.AspNetCore.Endpoints.Schedules;

/// <summary>A schedule as the API shows it.</summary>
internal static class ScheduleJson
{
    public static void Write(Utf8JsonWriter json, ScheduleInfo schedule)
    {
        var definition = schedule.Definition;
        json.WriteStartObject();
        json.WriteString("id"u8, definition.Id);
        json.WriteString("name"u8, definition.Name);
        json.WriteString("type"u8, definition.Target.Project is null ? "system"u8 : "project"u8);
        json.WriteString("project"u8, definition.Target.Project);
        json.WriteString("function"u8, definition.Target.Function);
        json.WritePropertyName("args"u8);
        json.WriteRawValue(definition.Target.Payload.Span);
        WriteTiming(json, definition.Timing);
        json.WriteString("timezone"u8, definition.Timing.TimeZone);
        json.WriteString("misfire"u8, Name(definition.Misfire));
        json.WriteString("overlap"u8, Name(definition.Overlap));
        json.WriteBoolean("enabled"u8, definition.IsEnabled);
        json.WriteString("source"u8, Name(definition.Source));
        json.WriteString("status"u8, schedule.IsPaused ? "paused"u8 : definition.IsEnabled ? "active"u8 : "disabled"u8);
        json.WriteString("next_run"u8, schedule.NextRun is { } next ? UtcTimestamp.ToText(next) : null);
        json.WriteStartArray("last_runs"u8);
        foreach (var run in schedule.LastRuns)
        {
            Write(json, run);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ScheduleRun run)
    {
        json.WriteStartObject();
        json.WriteString("due_at"u8, UtcTimestamp.ToText(run.Due));
        json.WriteString("outcome"u8, Name(run.Outcome));
        json.WriteString("task_id"u8, run.Task?.ToString());
        json.WriteString("reason"u8, run.Reason);
        json.WriteBoolean("manual"u8, run.IsManual);
        json.WriteEndObject();
    }

    private static void WriteTiming(Utf8JsonWriter json, ScheduleTiming timing)
    {
        json.WriteStartObject("schedule"u8);
        json.WriteString("type"u8, "cron"u8);
        if (timing.Cron is { } cron)
        {
            json.WriteString("cron"u8, cron);
        }

        foreach (var (name, value) in timing.Fields ?? new Dictionary<string, string>())
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
