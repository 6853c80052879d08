namespace CloudFunction.AspNetCore.Endpoints.Http;

/// <summary>The length that a function announced of its body, while the body comes. With any other a server can only cut the connection.</summary>
/// <param name="announced">The length; null for none.</param>
internal sealed class AnnouncedLength(long? announced)
{
    private long _length;

    /// <summary>Counts a part.</summary>
    /// <returns>What is wrong with it; null for nothing.</returns>
    public string? Add(int bytes, bool isLast)
    {
        _length += bytes;
        if (announced is not { } expected || (isLast ? _length == expected : _length <= expected))
        {
            return null;
        }

        var length = isLast ? $"{_length}" : $"more than {expected}";
        return $"The response header 'Content-Length' is {expected}, and the body has {length} bytes.";
    }
}
