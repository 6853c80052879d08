namespace CloudFunction.Worker.Functions;

/// <summary>A function's headers one by one, as they are sent.</summary>
internal static class HeaderFields
{
    /// <summary>A pair for each value, in order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Flatten(IReadOnlyDictionary<string, IReadOnlyList<string>> headers)
    {
        var flat = new List<KeyValuePair<string, string>>(headers.Count);
        foreach (var (name, values) in headers)
        {
            flat.AddRange((values ?? []).Select(value => KeyValuePair.Create(name, value)));
        }

        return flat;
    }
}
