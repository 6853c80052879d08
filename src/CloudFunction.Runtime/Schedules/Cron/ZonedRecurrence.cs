using System.Diagnostics;

namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>
/// Due at local times of a time zone. One that the zone leaves out (spring) is due at the first moment after; one that it has twice
/// (autumn) is due at the first of the two, unless its time of day is one that comes at intervals: then at both. Built on the conversion
/// from UTC to local time alone: the framework's way back is wrong where daylight saving is negative (Europe/Dublin, Africa/Casablanca).
/// </summary>
internal sealed class ZonedRecurrence(ILocalTimes times, TimeZoneInfo zone) : IRecurrence
{
    // Longer than local time is ever away from UTC, and than a clock is ever set forward or back at once.
    private static readonly TimeSpan Window = TimeSpan.FromHours(26);

    // What is due later, nobody waits for: there is room to reckon with local times behind it.
    private static readonly DateTime End = DateTime.MaxValue - TimeSpan.FromDays(7);

    public DateTimeOffset? NextAfter(DateTimeOffset time)
    {
        var first = DateTime.MinValue + (2 * Window);
        var start = time.UtcDateTime < first ? first : time.UtcDateTime.AddTicks(1);
        while (start < End)
        {
            var end = start + Window;
            if (FirstWithin(start, end) is { } due)
            {
                return due > time
                    ? due
                    : throw new UnreachableException($"What is due after {time:o} in {zone.Id} is {due:o}, which is not after it.");
            }

            // From now on no local time is more than a window behind, and none is reached more than a window before its reading as UTC.
            if (times.NextFrom(end - Window) is not { } next)
            {
                return null;
            }

            start = next - Window > end ? next - Window : end;
        }

        return null;
    }

    private DateTimeOffset? FirstWithin(DateTime start, DateTime end)
    {
        // The latest local time that the clock has shown so far.
        DateTime? shown = null;
        foreach (var span in ZoneSpan.Between(zone, start - Window, end))
        {
            if (shown is { } leftOut && span.Start >= start && Find(leftOut, span.LocalStart) is not null)
            {
                return new DateTimeOffset(span.LocalStart, span.Offset);
            }

            var from = span.LocalAt(span.Start < start ? start : span.Start);
            if (!times.IsInterval && shown > from)
            {
                from = shown.Value;
            }

            if (span.End > start && Find(from, span.LocalEnd) is { } due)
            {
                return new DateTimeOffset(due, span.Offset);
            }

            shown = shown > span.LocalEnd ? shown : span.LocalEnd;
        }

        return null;
    }

    private DateTime? Find(DateTime from, DateTime end) => from < end && times.NextFrom(from) is { } next && next < end ? next : null;
}
