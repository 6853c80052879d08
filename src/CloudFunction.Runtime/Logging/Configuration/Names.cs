namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>How an error message lists the names that a file itself gives.</summary>
internal static class Names
{
    // Enough to show what kind of names they are.
    private const int MaxListed = 20;

    /// <summary>What is allowed, with as many names as can be read.</summary>
    public static string Allowed(IEnumerable<string> names, string what)
    {
        var all = names.ToList();
        var listed = string.Join(", ", all.Take(MaxListed));
        return all.Count == 0 ? $"allowed are those under {what}, and there are none" : $"allowed are {listed}{(all.Count > MaxListed ? ", …" : "")}";
    }
}
