using System.Text;

namespace CloudFunction.Runtime.Configuration;

/// <summary><c>${NAME}</c> and <c>${NAME:-default}</c> in values, as python-dotenv finds and replaces them: the name is all up to the first colon
/// or brace, nothing is nested, and what comes of one is not searched again.</summary>
internal static class DotEnvReferences
{
    // Of the name that nothing has, whose default is the dollar sign: there is no other escape.
    private const string Dollar = "${:-$}";

    /// <summary>Where the references begin.</summary>
    public static IEnumerable<int> FindIn(string value) => Find(value).Select(found => found.Start);

    /// <summary>A value with its references replaced.</summary>
    /// <param name="value">The value as it is in the file, without its quotes.</param>
    /// <param name="find">The value of a name, or null.</param>
    /// <param name="maxLength">How long the result may be: a few lines could double one another beyond any memory.</param>
    /// <returns>Null where it would be longer.</returns>
    public static string? Replace(string value, Func<string, string?> find, int maxLength)
    {
        var result = new StringBuilder();
        var copied = 0;
        foreach (var (start, end, name, otherwise) in Find(value))
        {
            result.Append(value, copied, start - copied).Append(find(name) ?? otherwise);
            copied = end;
            if (result.Length > maxLength)
            {
                return null;
            }
        }

        result.Append(value, copied, value.Length - copied);
        return result.Length <= maxLength ? result.ToString() : null;
    }

    /// <summary>A value that is this one once its references are replaced.</summary>
    public static string Escape(string value) => value.Replace("${", Dollar + "{", StringComparison.Ordinal);

    private static IEnumerable<(int Start, int End, string Name, string? Default)> Find(string value)
    {
        for (var position = 0; (position = value.IndexOf("${", position, StringComparison.Ordinal)) >= 0;)
        {
            var name = position + 2;
            var nameEnd = value.AsSpan(name).IndexOfAny('}', ':') + name;
            var hasDefault = nameEnd >= name && value.AsSpan(nameEnd).StartsWith(":-");
            var end = hasDefault ? value.IndexOf('}', nameEnd) : nameEnd;
            if (nameEnd < name || end < 0)
            {
                yield break; // There is no closing brace behind it, and so for none that follows.
            }

            if (value[end] == '}')
            {
                yield return (position, end + 1, value[name..nameEnd], hasDefault ? value[(nameEnd + 2)..end] : null);
                position = end + 1;
            }
            else
            {
                position = end; // A colon that no dash follows: whatever begins before it ends there too.
            }
        }
    }
}
