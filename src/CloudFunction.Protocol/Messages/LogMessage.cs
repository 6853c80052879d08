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
/// <param name="TraceId">The W3C trace id that the invocation came with, 32 lower-case hexadecimal digits, or null.</param>
/// <param name="Properties">Structured properties and scopes, each name once; a value is a string, long, double, bool or decimal, or null.</param>
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
    string? TraceId,
    IReadOnlyList<KeyValuePair<string, object?>> Properties,
    long Dropped)
{
    /// <summary>As many properties at most, which is more than anybody reads in one record.</summary>
    public const int MaxProperties = 128;

    // Together, with the rest, below one frame. The message holds 8,192 characters of any script, the exception some hundred lines of a stack.
    private const int MaxMessageBytes = 24 * 1024;
    private const int MaxExceptionBytes = 26 * 1024;
    private const int MaxPropertiesBytes = 12 * 1024;
    private const int MaxNameBytes = 256;

    // One long value must not take the room of all others. What is left when there is no room for the longest name and some of its value
    // stays empty.
    private const int MaxValueBytes = 4 * 1024;
    private const int MinPropertyBytes = 2 * MaxNameBytes;

    /// <summary>Whether it is a line of standard error, which the report of a crash ends with.</summary>
    public bool IsErrorOutput { get; init; }

    public byte[] Encode()
    {
        var writer = new MessageWriter().Int64(UtcTicks).Int32(Level).Int32(EventId).Text(Category, MaxNameBytes)
            .Text(Message, MaxMessageBytes).Text(Exception, MaxExceptionBytes).Text(Function, MaxNameBytes).UInt128(InvocationId)
            .Text(TraceId, MaxNameBytes).Int64(Dropped).Byte(IsErrorOutput ? (byte)1 : (byte)0);
        var end = writer.Written.Length + MaxPropertiesBytes;
        for (var i = 0; i < Properties.Count && i < MaxProperties && end - writer.Written.Length is >= MinPropertyBytes and var room; i++)
        {
            writer.Byte(1).Text(Properties[i].Key, MaxNameBytes)
                .Value(Properties[i].Value, Math.Min(MaxValueBytes, room - MaxNameBytes - (2 * sizeof(long))));
        }

        return writer.Byte(0).Written.ToArray(); // Where a 1 would announce another property.
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
        var traceId = reader.OptionalText();
        var dropped = reader.Int64();
        var isErrorOutput = reader.Byte() != 0;
        List<KeyValuePair<string, object?>>? properties = null;
        while (reader.Byte() != 0)
        {
            (properties ??= []).Add(new(reader.Text(), reader.Value()));
        }

        reader.End();
        return new LogMessage(
            ticks, level, eventId, category, text, exception, function, invocation, traceId, properties is null ? [] : properties, dropped)
        {
            IsErrorOutput = isErrorOutput,
        };
    }
}
