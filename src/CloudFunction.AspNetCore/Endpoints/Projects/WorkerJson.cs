using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>A worker as the API shows it.</summary>
internal static class WorkerJson
{
    public static void Write(Utf8JsonWriter json, WorkerInfo worker, bool withProject)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, worker.Id);
        json.WriteNumber("pid"u8, worker.Pid);
        if (withProject)
        {
            json.WriteString("project"u8, worker.Project);
        }

        json.WriteString("state"u8, ToText(worker.State));
        ProjectJson.WriteVersion(json, worker.Version);
        json.WriteNumber("in_flight"u8, worker.InFlight);
        json.WriteNumber("memory_bytes"u8, worker.MemoryBytes);
        json.WriteString("started_at"u8, UtcTimestamp.ToText(worker.StartedAt));
        json.WriteEndObject();
    }

    private static string ToText(WorkerState state) => state switch
    {
        WorkerState.Starting => "starting",
        WorkerState.Standby => "standby",
        WorkerState.Loading => "loading",
        WorkerState.Ready => "ready",
        WorkerState.Draining => "draining",
        WorkerState.Stopped => "stopped",
        _ => "crashed",
    };
}
