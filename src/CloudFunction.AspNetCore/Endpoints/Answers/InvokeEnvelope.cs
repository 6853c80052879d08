using System.Buffers;
using System.Buffers.Text;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>The JSON around a raw result: <c>{"status":"success","result":…,"execution_time":"0.005s","timestamp":"…"}</c>.</summary>
internal static class InvokeEnvelope
{
    // The server's buffers are of 4 KB; a span beyond that would be a buffer of its own, and a second copy.
    private const int MaxSpan = 4096;

    private static ReadOnlySpan<byte> Head => """{"status":"success","result":"""u8;

    private static ReadOnlySpan<byte> ExecutionTime => ""","execution_time":" """u8[..^1];

    private static ReadOnlySpan<byte> Timestamp => """s","timestamp":" """u8[..^1];

    private static ReadOnlySpan<byte> Tail => "\"}"u8;

    /// <summary>How many bytes the whole takes.</summary>
    public static int Length(int payloadLength, TimeSpan executionTime) =>
        Head.Length + payloadLength + ExecutionTime.Length + SecondsLength(Milliseconds(executionTime)) + Timestamp.Length + UtcTimestamp.Length
        + Tail.Length;

    /// <summary>Writes all of it: <see cref="Length"/> bytes.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload, TimeSpan executionTime, DateTimeOffset now)
    {
        var length = Length(payload.Length, executionTime);
        if (length > MaxSpan)
        {
            WriteHead(output);
            output.Write(payload);
            WriteTail(output, executionTime, now);
            return;
        }

        var span = Append(output.GetSpan(length), Head);
        WriteTail(Append(span, payload), executionTime, now);
        output.Advance(length);
    }

    /// <summary>Writes what comes before the result.</summary>
    public static void WriteHead(IBufferWriter<byte> output) => output.Write(Head);

    /// <summary>Writes what comes after the result.</summary>
    public static void WriteTail(IBufferWriter<byte> output, TimeSpan executionTime, DateTimeOffset now)
    {
        var length = Length(0, executionTime) - Head.Length;
        WriteTail(output.GetSpan(length), executionTime, now);
        output.Advance(length);
    }

    private static void WriteTail(Span<byte> span, TimeSpan executionTime, DateTimeOffset now)
    {
        span = Append(span, ExecutionTime);
        span = AppendSeconds(span, Milliseconds(executionTime));
        span = Append(span, Timestamp);
        UtcTimestamp.Write(now, span);
        Tail.CopyTo(span[UtcTimestamp.Length..]);
    }

    private static Span<byte> Append(Span<byte> span, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(span);
        return span[bytes.Length..];
    }

    private static Span<byte> AppendSeconds(Span<byte> span, long milliseconds)
    {
        var (seconds, rest) = Math.DivRem(milliseconds, 1000);
        Utf8Formatter.TryFormat(seconds, span, out var written);
        span[written] = (byte)'.';
        span[written + 1] = (byte)('0' + (rest / 100));
        span[written + 2] = (byte)('0' + (rest / 10 % 10));
        span[written + 3] = (byte)('0' + (rest % 10));
        return span[(written + 4)..];
    }

    private static int SecondsLength(long milliseconds)
    {
        var length = ".000".Length + 1;
        for (var seconds = milliseconds / 1000; seconds >= 10; seconds /= 10)
        {
            length++;
        }

        return length;
    }

    private static long Milliseconds(TimeSpan time) =>
        Math.Max(0, (time.Ticks + (TimeSpan.TicksPerMillisecond / 2)) / TimeSpan.TicksPerMillisecond);
}
