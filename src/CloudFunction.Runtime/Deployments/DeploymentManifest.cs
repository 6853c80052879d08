using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Deployments;

/// <summary>What is recorded of one deployment, in <c>deployments/&lt;project&gt;/&lt;version&gt;.json</c>.</summary>
/// <param name="Version">Counts from 1 and is never given out twice within a project.</param>
/// <param name="CreatedAt">When it was staged.</param>
/// <param name="Fingerprint">SHA-256 of the staged files' names, sizes and contents, in lower-case hexadecimal.</param>
/// <param name="Contents">What the folder holds.</param>
/// <param name="Functions">By name; null until a worker has validated the deployment, and so after every failed validation.</param>
/// <param name="Source">Where it came from: <c>folder</c>, <c>upload</c> or <c>function</c>.</param>
internal sealed record DeploymentManifest(
    [property: JsonRequired] int Version,
    [property: JsonRequired] DateTimeOffset CreatedAt,
    [property: JsonRequired] string Fingerprint,
    [property: JsonRequired] DeploymentContents Contents,
    IReadOnlyList<DeployedFunction>? Functions,
    string Source = DeploymentSource.Folder);
