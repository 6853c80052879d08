namespace CloudFunction.Runtime.Configuration;

/// <summary>Finds the name that somebody meant.</summary>
internal static class NearestName
{
    // Beyond it, it is another name rather than a slip, and the table below stays small.
    private const int MaxLength = 64;

    // Beyond it, comparing takes longer than a slip is worth.
    private const int MaxCompared = 200;

    /// <summary>The known name that fewest changes of a letter lead to, in whatever case; null where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        var fewest = (Math.Min(name.Length, MaxLength) / 3) + 1;
        foreach (var candidate in known.Take(MaxCompared))
        {
            if (name.Length <= MaxLength && candidate.Length <= MaxLength && Distance(name, candidate) is var changes && changes < fewest)
            {
                (nearest, fewest) = (candidate, changes);
            }
        }

        return nearest;
    }

    /// <summary>A question that names it, for the end of a message; empty where none is near.</summary>
    public static string Suggest(string name, IEnumerable<string> known) => Of(name, known) is { } nearest ? $" (did you mean '{nearest}'?)" : "";

    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var changed = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
