using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The content of <c>deployments/&lt;project&gt;/active.json</c>.</summary>
/// <param name="Version">The version that serves; null for none.</param>
/// <param name="LastVersion">The highest number given out whose files may be gone, so that it is not given out again.</param>
/// <param name="Traffic">How calls are divided, by version; null where all go to the version that serves.</param>
/// <param name="Folder">The fingerprint of what was last deployed from the project's folder, whether that serves still or not; null where nothing was.</param>
internal sealed record ActiveDeployment(
    [property: JsonPropertyName("active_version")] int? Version,
    [property: JsonPropertyName("last_version")] int LastVersion,
    IReadOnlyDictionary<int, int>? Traffic = null,
    [property: JsonPropertyName("folder_fingerprint")] string? Folder = null)
{
    /// <summary>No version serves and none is known to have been.</summary>
    public static ActiveDeployment None { get; } = new(null, 0);

    /// <summary>The part of the calls that a version gets; 0 for none.</summary>
    public int WeightOf(int version) => Traffic is null ? (version == Version ? 100 : 0) : Traffic.GetValueOrDefault(version);
}
