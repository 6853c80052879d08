namespace CloudFunction.Protocol.Messages;

/// <summary>What a worker reports of itself now and then.</summary>
/// <param name="ResidentBytes">Its resident memory.</param>
/// <param name="ManagedBytes">Of that, the managed heap.</param>
/// <param name="Running">Invocations that it runs.</param>
/// <param name="DroppedLogs">Log records dropped so far.</param>
/// <param name="Debugged">Whether a debugger is attached, so that it may stand still.</param>
internal sealed record StatsMessage(long ResidentBytes, long ManagedBytes, int Running, long DroppedLogs, bool Debugged)
{
    public byte[] Encode() =>
        new MessageWriter().Int64(ResidentBytes).Int64(ManagedBytes).Int32(Running).Int64(DroppedLogs)
            .Byte(Debugged ? (byte)1 : (byte)0).Written.ToArray();

    /// <exception cref="ProtocolException">It is no such message.</exception>
    public static StatsMessage Decode(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var stats = new StatsMessage(reader.Int64(), reader.Int64(), reader.Int32(), reader.Int64(), reader.Byte() != 0);
        reader.End();
        return stats;
    }
}
