using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Schedules;

/// <summary>How the state of a schedule is stored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ScheduleState))]
[JsonSerializable(typeof(double[]))]
internal sealed partial class ScheduleStateJson : JsonSerializerContext;
