namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>
/// Due at the local times that fields allow. As with a cron expression, a local time that a time zone leaves out (spring) is due at the
/// first moment after; one that it has twice (autumn) is due at the first of the two, unless its time of day is one that comes at
/// intervals: then at both.
/// </summary>
internal sealed class FieldsRecurrence(CronFields fields, TimeZoneInfo zone) : IRecurrence
{
    // Clocks are set by whole minutes.
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    public DateTimeOffset? NextAfter(DateTimeOffset time)
    {
        var now = TimeZoneInfo.ConvertTime(time, zone);
        var local = now.DateTime;
        var isAfter = true;
        if (zone.IsAmbiguousTime(local))
        {
            var (start, end) = AmbiguousAround(local);
            var (first, second) = OffsetsAt(local);
            if (now.Offset == first)
            {
                if (Next(local, isAfter: true) is { } early && early < end)
                {
                    return new DateTimeOffset(early, first);
                }

                (local, isAfter) = (start, false);
            }

            if (fields.IsInterval && Next(local, isAfter) is { } late && late < end)
            {
                return new DateTimeOffset(late, second);
            }

            (local, isAfter) = (end, false);
        }

        if (Next(local, isAfter) is not { } next)
        {
            return null;
        }

        while (zone.IsInvalidTime(next))
        {
            next = Floor(next) + Grain;
        }

        return new DateTimeOffset(next, zone.IsAmbiguousTime(next) ? OffsetsAt(next).First : zone.GetUtcOffset(next));
    }

    private static DateTime Floor(DateTime time) => time.AddTicks(-(time.Ticks % Grain.Ticks));

    private DateTime? Next(DateTime local, bool isAfter) =>
        isAfter && local > DateTime.MaxValue.AddSeconds(-1) ? null : fields.NextFrom(isAfter ? local.AddTicks(1) : local);

    private (DateTime Start, DateTime End) AmbiguousAround(DateTime local)
    {
        var (start, end) = (Floor(local), Floor(local));
        while (zone.IsAmbiguousTime(start - Grain))
        {
            start -= Grain;
        }

        while (zone.IsAmbiguousTime(end))
        {
            end += Grain;
        }

        return (start, end);
    }

    // The greater offset is that of the earlier moment.
    private (TimeSpan First, TimeSpan Second) OffsetsAt(DateTime ambiguous)
    {
        var offsets = zone.GetAmbiguousTimeOffsets(ambiguous);
        return (offsets.Max(), offsets.Min());
    }
}
