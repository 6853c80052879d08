using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Projects;

/// <summary>How the project state store's file is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ProjectStates))]
internal sealed partial class ProjectStateJson : JsonSerializerContext;
