using CloudFunction.Protocol.Http;

namespace CloudFunction.Runtime.Invocations;

/// <summary>How the response of an HTTP function begins.</summary>
/// <param name="Status">The HTTP status, 200 to 599 where there is no <see cref="Fault"/>.</param>
/// <param name="Headers">Names and values, in order; a name may come more than once.</param>
internal sealed record HttpHead(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Why it cannot be sent; null where it can.</summary>
    public string? Fault { get; } = ResponseFields.FindFault(Status, Headers);

    /// <summary>The body's length as it was announced; null where it was not.</summary>
    public long? ContentLength => ResponseFields.LengthOf(Headers);

    /// <summary>Why trailers cannot be sent; null where they can.</summary>
    public static string? FindFault(IReadOnlyList<KeyValuePair<string, string>> trailers) => ResponseFields.FindTrailerFault(trailers);

    /// <summary>Whether it is a name of a header.</summary>
    public static bool IsName(ReadOnlySpan<char> name) => ResponseFields.IsName(name);
}
