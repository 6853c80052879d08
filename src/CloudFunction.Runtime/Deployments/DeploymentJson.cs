using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Deployments;

/// <summary>How the deployment catalog's files are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DeploymentManifest))]
[JsonSerializable(typeof(ActiveDeployment))]
internal sealed partial class DeploymentJson : JsonSerializerContext;
