using System.Text.Json.Serialization;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Deployments;

/// <summary>A function as the worker that validated its deployment described it.</summary>
/// <param name="Name">Unique within the deployment.</param>
/// <param name="Description">From its attribute, or null.</param>
/// <param name="Kind">Which function interface it implements, in the worker's words.</param>
/// <param name="Timeout">Of one invocation; null for FUNCTION_TIMEOUT. Kept in whole milliseconds.</param>
/// <param name="MaxConcurrent">Invocations of this function at once; null for no limit of its own.</param>
/// <param name="MaxAttempts">Of a task; null for the host's default.</param>
/// <param name="Parameters">JSON Schema of the request, as UTF-8 JSON; empty for unknown.</param>
/// <param name="Response">JSON Schema of the result, as UTF-8 JSON; empty for unknown.</param>
/// <param name="Schedules">When it runs by itself; null for never.</param>
internal sealed record DeployedFunction(
    string Name,
    string? Description,
    string Kind,
    [property: JsonPropertyName("timeout_ms"), JsonConverter(typeof(MillisecondsConverter))] TimeSpan? Timeout,
    int? MaxConcurrent,
    int? MaxAttempts,
    [property: JsonConverter(typeof(RawJsonConverter))] ReadOnlyMemory<byte> Parameters,
    [property: JsonConverter(typeof(RawJsonConverter))] ReadOnlyMemory<byte> Response,
    IReadOnlyList<DeployedSchedule>? Schedules = null)
{
    private static readonly string[] Kinds = ["unary", "streaming", "http"]; // By their number in the protocol.

    /// <summary>How it is called.</summary>
    [JsonIgnore]
    public FunctionKind FunctionKind => (FunctionKind)Array.IndexOf(Kinds, Kind);

    /// <summary>The function that a worker describes.</summary>
    public static DeployedFunction Of(FunctionDescription description) => new(
        description.Name,
        description.Description,
        Kinds[description.Kind],
        description.TimeoutMilliseconds > 0 ? TimeSpan.FromMilliseconds(description.TimeoutMilliseconds) : null,
        description.MaxConcurrent > 0 ? description.MaxConcurrent : null,
        description.MaxAttempts > 0 ? description.MaxAttempts : null,
        description.Parameters,
        description.Response,
        description.Schedules.Count > 0
            ? [.. description.Schedules.Select(DeployedSchedule.Of)]
            : null);
}
