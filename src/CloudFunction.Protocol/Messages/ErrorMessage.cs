namespace CloudFunction.Protocol.Messages;

/// <summary>How an invocation failed. It fits one frame: longer texts are cut.</summary>
/// <param name="Code">Who failed.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="ExceptionType">The exception's full type name, or null.</param>
/// <param name="Field">Where in the payload, or null.</param>
internal sealed record ErrorMessage(FailureCode Code, string Message, string? ExceptionType, string? Field)
{
    private const int MaxTextBytes = 16 * 1024; // Three of them fit a frame.

    public byte[] Encode() =>
        new MessageWriter()
            .Byte((byte)Code)
            .Text(Message, MaxTextBytes)
            .Text(ExceptionType, MaxTextBytes)
            .Text(Field, MaxTextBytes).Written
            .ToArray();

    /// <exception cref="ProtocolException">It is no such message.</exception>
    public static ErrorMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var code = (FailureCode)reader.Byte();
        if (code is < FailureCode.FunctionFailed or > FailureCode.Draining)
        {
            throw new ProtocolException($"Unknown failure code {(byte)code}.");
        }

        var error = new ErrorMessage(code, reader.Text(), reader.OptionalText(), reader.OptionalText());
        reader.End();
        return error;
    }
}
