using System.Buffers;

namespace CloudFunction.Worker.Functions;

/// <summary>Sees to it that a function's headers are such that the server can send them (RFC 9110, section 5).</summary>
internal static class HeaderCheck
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Names and values, one by one.</summary>
    /// <param name="headers">What the function has set.</param>
    /// <param name="what">What messages call one of them.</param>
    /// <exception cref="InvalidOperationException">One is not valid.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Flatten(IReadOnlyDictionary<string, IReadOnlyList<string>> headers, string what)
    {
        var flat = new List<KeyValuePair<string, string>>(headers.Count);
        foreach (var (name, values) in headers)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters))
            {
                throw new InvalidOperationException($"The response {what} '{name}' has a name that is none: letters, digits and !#$%&'*+-.^_`|~ are allowed.");
            }

            foreach (var value in values ?? [])
            {
                if (value is null || value.AsSpan().ContainsAnyInRange('\n', '\x1f') || value.AsSpan().ContainsAnyExceptInRange('\t', '~'))
                {
                    throw new InvalidOperationException($"The response {what} '{name}' has a value that cannot be sent: visible ASCII characters, spaces and tabs are allowed; encode others.");
                }

                flat.Add(new(name, value));
            }
        }

        return flat;
    }
}
