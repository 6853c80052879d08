using System.Globalization;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>Writes <c>asctime</c>. All that changes once a second is kept from one record to the next. Thread safe.</summary>
/// <param name="format">How the second is written; null: as Python does, with milliseconds behind it.</param>
/// <param name="time">Whose local time zone it is.</param>
internal sealed class RecordClock(DateFormat? format, TimeProvider time)
{
    private const string SecondFormat = "yyyy-MM-dd HH:mm:ss";

    // Replaced whole, so that every thread gets a text that goes with its second.
    private volatile Second _last = new(-1, "");

    /// <summary>Whether what <see cref="SecondOf"/> gives is followed by a comma and the milliseconds.</summary>
    public bool HasMilliseconds => format is null;

    /// <summary>The milliseconds of a time.</summary>
    public static int MillisecondsOf(DateTimeOffset timestamp) => (int)(timestamp.UtcTicks / TimeSpan.TicksPerMillisecond % 1000);

    /// <summary>The seconds since 1970 of a time.</summary>
    public static double SecondsOf(DateTimeOffset timestamp) =>
        (double)((decimal)(timestamp.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond); // A decimal holds all of it.

    /// <summary>The local time, to the second.</summary>
    public string SecondOf(DateTimeOffset timestamp)
    {
        var number = timestamp.UtcTicks / TimeSpan.TicksPerSecond;
        var last = _last;
        if (last.Number != number)
        {
            var local = TimeZoneInfo.ConvertTime(timestamp, time.LocalTimeZone);
            last = new Second(number, format?.Format(local, time.LocalTimeZone) ?? local.ToString(SecondFormat, CultureInfo.InvariantCulture));
            _last = last;
        }

        return last.Text;
    }

    private sealed record Second(long Number, string Text);
}
