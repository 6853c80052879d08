using System.Globalization;
using System.Text;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>Times as the contract writes them: <c>2026-01-31T08:15:30.123Z</c>.</summary>
internal static class UtcTimestamp
{
    /// <summary>The bytes of one.</summary>
    public const int Length = 24;

    private const string SecondFormat = "yyyy-MM-dd'T'HH:mm:ss'.'";
    private const string Format = SecondFormat + "fff'Z'";

    // All calls of one second share its text. A race only formats it twice.
    private static volatile Second? _latest;

    public static string ToText(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Writes <see cref="Length"/> bytes, formatting at most once a second.</summary>
    public static void Write(DateTimeOffset time, Span<byte> destination)
    {
        var ticks = time.UtcTicks;
        var number = ticks / TimeSpan.TicksPerSecond;
        var second = _latest;
        if (second is null || second.Number != number)
        {
            var text = time.UtcDateTime.ToString(SecondFormat, CultureInfo.InvariantCulture);
            _latest = second = new Second(number, Encoding.ASCII.GetBytes(text));
        }

        second.Text.CopyTo(destination);
        var milliseconds = (int)(ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMillisecond);
        destination[20] = (byte)('0' + (milliseconds / 100));
        destination[21] = (byte)('0' + (milliseconds / 10 % 10));
        destination[22] = (byte)('0' + (milliseconds % 10));
        destination[23] = (byte)'Z';
    }

    private sealed record Second(long Number, byte[] Text);
}
