using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The content of <c>deployments/&lt;project&gt;/active.json</c>.</summary>
/// <param name="Version">The version that serves; null for none.</param>
/// <param name="LastVersion">The highest number given out whose files may be gone, so that it is not given out again.</param>
internal sealed record ActiveDeployment(
    [property: JsonPropertyName("active_version")] int? Version,
    [property: JsonPropertyName("last_version")] int LastVersion)
{
    /// <summary>No version serves and none is known to have been.</summary>
    public static ActiveDeployment None { get; } = new(null, 0);
}
