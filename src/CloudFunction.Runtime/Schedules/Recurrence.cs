namespace CloudFunction.Runtime.Schedules;

/// <summary>Reads when a schedule is due.</summary>
internal static class Recurrence
{
    /// <summary>Reads a timing.</summary>
    /// <param name="timing">The timing; one of its cron expression and its fields is given.</param>
    /// <param name="problems">Is told everything that is wrong with it.</param>
    /// <returns>The recurrence; null where something is wrong.</returns>
    public static IRecurrence? TryRead(ScheduleTiming timing, ICollection<ScheduleProblem> problems)
    {
        problems.Add(new ScheduleProblem("schedule", "Not read yet."));
        return null;
    }
}
