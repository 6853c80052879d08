namespace CloudFunction.Protocol.Messages;

/// <summary>Method, path and headers of an HTTP function's request. In an invoke frame it stands behind its length.</summary>
/// <param name="Method">The method in upper case.</param>
/// <param name="Path">The decoded path below the function's route.</param>
/// <param name="QueryString">The raw query with its question mark, or the empty text.</param>
/// <param name="Headers">Names and values, in order; a name may come more than once.</param>
internal sealed record HttpRequestHead(
    string Method, string Path, string QueryString, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public byte[] Encode()
    {
        var writer = new MessageWriter().Text(Method).Text(Path).Text(QueryString).Headers(Headers);
        return writer.Written.ToArray();
    }

    /// <exception cref="ProtocolException">It is no such message.</exception>
    public static HttpRequestHead Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var head = new HttpRequestHead(reader.Text(), reader.Text(), reader.Text(), reader.Headers());
        reader.End();
        return head;
    }
}
