using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Projects;

/// <summary>What is kept on disk of a project.</summary>
/// <param name="CreatedAt">When the host first found it.</param>
/// <param name="UpdatedAt">When a deploy, start or stop last changed it.</param>
/// <param name="Stopped">Whether an operator stopped it.</param>
/// <param name="Functions">By name; those of earlier versions stay.</param>
internal sealed record ProjectState(
    [property: JsonRequired] DateTimeOffset CreatedAt,
    [property: JsonRequired] DateTimeOffset UpdatedAt,
    bool Stopped,
    [property: JsonRequired] IReadOnlyDictionary<string, FunctionState> Functions)
{
    /// <summary>Of a project that the host finds for the first time.</summary>
    public static ProjectState New(DateTimeOffset now) => new(now, now, Stopped: false, new Dictionary<string, FunctionState>());
}
