namespace CloudFunction.Runtime.Projects;

/// <summary>How the functions of one version differ from another's, by name, each list sorted.</summary>
internal sealed record FunctionChanges(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Kept)
{
    /// <summary>Compares two versions' functions.</summary>
    public static FunctionChanges Between(IEnumerable<string> before, IEnumerable<string> after)
    {
        var old = before.ToHashSet(StringComparer.Ordinal);
        var now = after.ToHashSet(StringComparer.Ordinal);
        return new FunctionChanges(Sorted(now.Except(old)), Sorted(old.Except(now)), Sorted(old.Intersect(now)));
    }

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
