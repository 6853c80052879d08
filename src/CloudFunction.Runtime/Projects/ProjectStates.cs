using System.Text.Json.Serialization;

namespace CloudFunction.Runtime.Projects;

/// <summary>The content of <c>state/projects.json</c>.</summary>
/// <param name="Projects">By name.</param>
internal sealed record ProjectStates([property: JsonRequired] IReadOnlyDictionary<string, ProjectState> Projects);
