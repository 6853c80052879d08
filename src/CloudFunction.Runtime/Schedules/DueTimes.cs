namespace CloudFunction.Runtime.Schedules;

/// <summary>Finds times in a recurrence that are far apart, without counting what lies between.</summary>
internal static class DueTimes
{
    /// <summary>The last time something is due after one time and until another; null where it is not.</summary>
    public static DateTimeOffset? LastWithin(IRecurrence recurrence, DateTimeOffset after, DateTimeOffset until)
    {
        if (recurrence.NextAfter(after) is not { } last || last > until)
        {
            return null;
        }

        // What is due after a time is due until another as long as that time is before the last: so the last is found by halves.
        var end = until;
        while (end - last > TimeSpan.FromMilliseconds(1))
        {
            var middle = last + ((end - last) / 2);
            if (recurrence.NextAfter(middle) is { } next && next <= until)
            {
                last = next;
            }
            else
            {
                end = middle;
            }
        }

        return last;
    }
}
