using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Deployments;

/// <summary>The content of <c>deployments/&lt;project&gt;/active.json</c>.</summary>
/// <param name="Version">See <see cref="LiveVersions.Version"/>.</param>
/// <param name="LastVersion">The highest number given out whose manifest may be gone, so that it is not given out again.</param>
/// <param name="Traffic">See <see cref="LiveVersions.Traffic"/>.</param>
/// <param name="Folder">See <see cref="LiveVersions.Folder"/>.</param>
internal sealed record ActiveDeployment(
    [property: JsonPropertyName("active_version")] int? Version,
    [property: JsonPropertyName("last_version"), JsonRequired] int LastVersion,
    IReadOnlyDictionary<int, int>? Traffic = null,
    [property: JsonPropertyName("folder_fingerprint")] string? Folder = null)
{
    /// <summary>Whether this stands for a file that is damaged: what was live is not known.</summary>
    [JsonIgnore]
    public bool IsDamaged { get; init; }

    /// <summary>What is live of it.</summary>
    [JsonIgnore]
    public LiveVersions Live => new(Version, Traffic, Folder);
}
