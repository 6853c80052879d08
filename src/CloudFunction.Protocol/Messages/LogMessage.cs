namespace CloudFunction.Protocol.Messages;

/// <summary>One record of a project's log. It fits one frame: what is too long is cut.</summary>
/// <param name="UtcTicks">When it was written.</param>
/// <param name="Level">The number of Microsoft.Extensions.Logging.LogLevel.</param>
/// <param name="EventId">The event's id, or 0.</param>
/// <param name="Category">The logger's name.</param>
/// <param name="Message">The formatted text.</param>
/// <param name="Exception">Type, message and stack, or null.</param>
/// <param name="Function">Which function, or null outside of an invocation.</param>
/// <param name="InvocationId">Which invocation, or 0 outside of one.</param>
/// <param name="Properties">Structured properties and scopes, names and values as text.</param>
/// <param name="Dropped">How many records were dropped before this one because the host was too slow.</param>
internal sealed record LogMessage(
    long UtcTicks,
    int Level,
    int EventId,
    string Category,
    string Message,
    string? Exception,
    string? Function,
    UInt128 InvocationId,
    IReadOnlyList<KeyValuePair<string, string?>> Properties,
    long Dropped)
{
    // Together below one frame however many bytes a character takes (at most three for one UTF-16 unit).
    private const int MaxMessageLength = 8 * 1024;
    private const int MaxExceptionLength = 8 * 1024;
    private const int MaxPropertiesLength = 4 * 1024;
    private const int MaxNameLength = 256;

    public byte[] Encode()
    {
        var writer = new MessageWriter().Int64(UtcTicks).Int32(Level).Int32(EventId).Text(Cut(Category, MaxNameLength))
            .Text(Cut(Message, MaxMessageLength)).Text(Cut(Exception, MaxExceptionLength)).Text(Function).UInt128(InvocationId).Int64(Dropped);
        var room = MaxPropertiesLength;
        var kept = 0;
        while (kept < Properties.Count && (room -= Properties[kept].Key.Length + (Properties[kept].Value?.Length ?? 0) + 8) >= 0)
        {
            kept++;
        }

        writer.Int32(kept);
        for (var i = 0; i < kept; i++)
        {
            writer.Text(Properties[i].Key).Text(Properties[i].Value);
        }

        return writer.Written.ToArray();
    }

    /// <exception cref="ProtocolException">It is no such message.</exception>
    public static LogMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var ticks = reader.Int64();
        var level = reader.Int32();
        var eventId = reader.Int32();
        var category = reader.Text();
        var text = reader.Text();
        var exception = reader.OptionalText();
        var function = reader.OptionalText();
        var invocation = reader.UInt128();
        var dropped = reader.Int64();
        var properties = new KeyValuePair<string, string?>[reader.Count(2 * sizeof(int))];
        for (var i = 0; i < properties.Length; i++)
        {
            properties[i] = new(reader.Text(), reader.OptionalText());
        }

        reader.End();
        return new LogMessage(ticks, level, eventId, category, text, exception, function, invocation, properties, dropped);
    }

    private static string? Cut(string? text, int length) => text is not null && text.Length > length ? text[..length] + "…" : text;
}
