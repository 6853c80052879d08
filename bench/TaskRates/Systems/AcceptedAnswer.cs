using System.Text.Json.Serialization;

namespace TaskRates.Systems;

internal sealed record AcceptedAnswer([property: JsonPropertyName("task_id")] string TaskId);
