namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>A day that is counted within its month: the last, the last of a weekday, or the n-th of a weekday.</summary>
/// <param name="Nth">Which one, from 1 to 5; 0 for the last.</param>
/// <param name="Weekday">Of which weekday, Monday being 0; null for the last day of the month.</param>
internal readonly record struct MonthDay(int Nth, int? Weekday)
{
    /// <summary>Whether a date is that day.</summary>
    public bool Contains(DateOnly date)
    {
        if (Weekday is { } weekday && ((int)date.DayOfWeek + 6) % 7 != weekday)
        {
            return false;
        }

        var left = DateTime.DaysInMonth(date.Year, date.Month) - date.Day;
        return Nth > 0 ? ((date.Day - 1) / 7) + 1 == Nth : left < (Weekday is null ? 1 : 7);
    }
}
