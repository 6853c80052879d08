namespace CloudFunction.Protocol.Messages;

/// <summary>Status and headers with which the response of an HTTP function begins.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Names and values, in order; a name may come more than once.</param>
internal sealed record HeadMessage(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public byte[] Encode() => new MessageWriter().Int32(Status).Headers(Headers).Written.ToArray();

    /// <exception cref="ProtocolException">It is no such message.</exception>
    public static HeadMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var head = new HeadMessage(reader.Int32(), reader.Headers());
        reader.End();
        return head;
    }
}
