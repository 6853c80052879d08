using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Projects;

/// <summary>How <see cref="ProjectStateFile"/> is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ProjectStates))]
internal sealed partial class ProjectStateJson : JsonSerializerContext;
