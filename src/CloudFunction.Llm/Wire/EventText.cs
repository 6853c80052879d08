using System.Collections.Frozen;
using System.Text;

namespace CloudFunction.Llm.Wire;

/// <summary>Data of events that is not JSON.</summary>
internal static class EventText
{
    private static readonly FrozenSet<string> KeepAlive = FrozenSet.ToFrozenSet(
        ["ping", "pong", "heartbeat", "keepalive", "keep-alive", "keep alive", "waiting", "processing", "connected", "null", "true", "false", "ok"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it marks a stream's end.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> data) => Ascii.EqualsIgnoreCase(data.Trim(" \t\"[]"u8), "DONE"u8);

    /// <summary>Whether it is neither JSON nor one of the words that keep a connection open: what a server writes when it fails.</summary>
    public static bool IsWords(ReadOnlySpan<byte> data)
    {
        data = data.Trim(" \t\r\n\""u8);
        return data is not ([] or [(byte)'{' or (byte)'[', ..])
            && data.IndexOfAnyExceptInRange((byte)'\0', (byte)'@') >= 0 // Letters of any script, and not a number alone.
            && !KeepAlive.Contains(Encoding.UTF8.GetString(data));
    }
}
