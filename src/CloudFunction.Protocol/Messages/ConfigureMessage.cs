namespace CloudFunction.Protocol.Messages;

/// <summary>The host's limits for a worker; its first word to one that it has recognized.</summary>
/// <param name="Version">The protocol version that the host speaks.</param>
/// <param name="MaxRequestBytes">MAX_REQUEST_BYTES: a longer payload is refused.</param>
/// <param name="MaxResponseBytes">MAX_RESPONSE_BYTES: a longer result is a failure of the function.</param>
/// <param name="MaxConcurrent">How many invocations may come at once, so that blocking functions find threads.</param>
/// <param name="MinLogLevel">The lowest level that is worth sending, as the number of Microsoft.Extensions.Logging.LogLevel.</param>
internal sealed record ConfigureMessage(int Version, long MaxRequestBytes, long MaxResponseBytes, int MaxConcurrent, int MinLogLevel)
{
    public byte[] Encode() =>
        new MessageWriter().Int32(Version).Int64(MaxRequestBytes).Int64(MaxResponseBytes).Int32(MaxConcurrent).Int32(MinLogLevel)
            .Written.ToArray();

    /// <exception cref="ProtocolException">It is no configure message.</exception>
    public static ConfigureMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var version = reader.Int32();
        if (version != ProtocolVersion.Current)
        {
            throw new ProtocolException(
                $"The host speaks version {version} of the protocol, the worker version {ProtocolVersion.Current}: they must come from "
                + "the same release.");
        }

        var configure = new ConfigureMessage(version, reader.Int64(), reader.Int64(), reader.Int32(), reader.Int32());
        reader.End();
        return configure;
    }
}
