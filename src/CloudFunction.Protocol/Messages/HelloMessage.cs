namespace CloudFunction.Protocol.Messages;

/// <summary>A worker's first word. The host answers with <see cref="ConfigureMessage"/> or closes the connection.</summary>
/// <param name="Version">The protocol version that the worker speaks.</param>
/// <param name="WorkerId">The id that the host gave it over standard input.</param>
/// <param name="Secret">The secret that it got with it.</param>
/// <param name="Pid">Its process id.</param>
internal sealed record HelloMessage(int Version, string WorkerId, string Secret, int Pid)
{
    /// <summary>A hello is this long at most; a longer first frame is nobody's that the host knows.</summary>
    public const int MaxBytes = 1024;

    public byte[] Encode() => new MessageWriter().Int32(Version).Text(WorkerId).Text(Secret).Int32(Pid).Written.ToArray();

    /// <exception cref="ProtocolException">It is no hello.</exception>
    public static HelloMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var version = reader.Int32();
        if (version != ProtocolVersion.Current)
        {
            // The fields behind the version may be others: only the version is read.
            throw new ProtocolException(
                $"The worker speaks version {version} of the protocol, the host version {ProtocolVersion.Current}: they must come from "
                + "the same release.");
        }

        var hello = new HelloMessage(version, reader.Text(), reader.Text(), reader.Int32());
        reader.End();
        return hello;
    }
}
