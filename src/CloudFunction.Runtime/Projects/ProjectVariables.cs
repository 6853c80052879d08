namespace CloudFunction.Runtime.Projects;

/// <summary>A project's own environment at one moment.</summary>
/// <param name="values">By name.</param>
internal sealed class ProjectVariables(IReadOnlyDictionary<string, string> values)
{
    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, string> Values => values;

    /// <summary>Whether both are the same.</summary>
    public bool IsSameAs(ProjectVariables? other) =>
        other is not null
        && values.Count == other.Values.Count
        && values.All(each => other.Values.TryGetValue(each.Key, out var value) && value == each.Value);
}
