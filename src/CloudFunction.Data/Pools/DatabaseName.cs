namespace CloudFunction.Data.Pools;

/// <summary>That the project has a database of this name.</summary>
internal sealed record DatabaseName(string Value)
{
    /// <summary>The name of the one that has none.</summary>
    public const string Main = "default";
}
