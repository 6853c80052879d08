namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>A time during which local time is the same away from UTC.</summary>
/// <param name="Start">When it begins, in UTC.</param>
/// <param name="End">When the next one begins, in UTC.</param>
/// <param name="Offset">What local time is ahead of UTC.</param>
internal readonly record struct ZoneSpan(DateTime Start, DateTime End, TimeSpan Offset)
{
    // No zone changes its offset and changes it back within an hour.
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

    /// <summary>The local time at which it begins.</summary>
    public DateTime LocalStart => LocalAt(Start);

    /// <summary>The local time that it does not reach.</summary>
    public DateTime LocalEnd => LocalAt(End);

    /// <summary>Finds the spans of a time zone that cover a time, in their order. The first begins with that time, the last ends with it.</summary>
    public static IEnumerable<ZoneSpan> Between(TimeZoneInfo zone, DateTime start, DateTime end)
    {
        var (begin, offset) = (start, OffsetAt(zone, start));
        for (var time = start; time < end;)
        {
            var next = end - time > Step ? time + Step : end;
            if (OffsetAt(zone, next) is var changed && changed != offset)
            {
                var change = FindChange(zone, time, next, offset);
                yield return new ZoneSpan(begin, change, offset);
                (begin, offset) = (change, changed);
            }

            time = next;
        }

        yield return new ZoneSpan(begin, end, offset);
    }

    /// <summary>The local time at a moment of it.</summary>
    /// <param name="utc">The moment, in UTC.</param>
    public DateTime LocalAt(DateTime utc) => DateTime.SpecifyKind(utc + Offset, DateTimeKind.Unspecified);

    // The first moment with another offset; the first time has this one, the last has not.
    private static DateTime FindChange(TimeZoneInfo zone, DateTime first, DateTime last, TimeSpan offset)
    {
        while (last - first > TimeSpan.FromTicks(1))
        {
            var middle = first + ((last - first) / 2);
            (first, last) = OffsetAt(zone, middle) == offset ? (middle, last) : (first, middle);
        }

        return last;
    }

    private static TimeSpan OffsetAt(TimeZoneInfo zone, DateTime utc) => zone.GetUtcOffset(new DateTimeOffset(utc.Ticks, TimeSpan.Zero));
}
