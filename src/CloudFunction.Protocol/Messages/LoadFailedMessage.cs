namespace CloudFunction.Protocol.Messages;

/// <summary>The deployment cannot be loaded; the worker ends.</summary>
/// <param name="Dependency">Whether an assembly is missing or of the wrong version; else the project itself is at fault.</param>
/// <param name="Message">What is wrong and what would be right.</param>
/// <param name="Exception">Type, message and stack of the exception, for the log; null where there was none.</param>
internal sealed record LoadFailedMessage(bool Dependency, string Message, string? Exception)
{
    public byte[] Encode() => new MessageWriter().Byte(Dependency ? (byte)1 : (byte)0).Text(Message).Text(Exception).Written.ToArray();

    /// <exception cref="ProtocolException">It is no such message.</exception>
    public static LoadFailedMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var failed = new LoadFailedMessage(reader.Byte() != 0, reader.Text(), reader.OptionalText());
        reader.End();
        return failed;
    }
}
