using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Decides which of the runs that were due are to take place.</summary>
internal static class ScheduleJudge
{
    /// <summary>A run that is later than this was missed: a host that is started anew, or a disk that is slow, takes no longer.</summary>
    public static readonly TimeSpan MisfireGrace = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How far a clock may be set back without anything being due twice. A clock that was further ahead was wrong, and what waits for the times
    /// that it showed would wait for long.
    /// </summary>
    public static readonly TimeSpan TrustedSetBack = TimeSpan.FromHours(2);

    /// <summary>Decides on all that was due until now.</summary>
    /// <returns>The state that follows; the same one where nothing was due.</returns>
    public static ScheduleState Judge(ScheduleDefinition definition, ScheduleState state, DateTimeOffset now)
    {
        if (state.JudgedTo > now + TrustedSetBack)
        {
            return state with { JudgedTo = now, WaitsAfter = null };
        }

        var recurrence = definition.Recurrence;
        if (recurrence.NextAfter(state.JudgedTo) is not { } first || first > now)
        {
            return state;
        }

        var grace = now - MisfireGrace;
        var isMissed = first < grace;
        var from = state.JudgedTo;
        if (isMissed && definition.Misfire == MisfirePolicy.Once)
        {
            from = JustBefore(DueTimes.LastWithin(recurrence, state.JudgedTo, now)!.Value);
        }
        else if (isMissed && definition.Misfire == MisfirePolicy.Skip)
        {
            var last = DueTimes.LastWithin(recurrence, state.JudgedTo, JustBefore(grace))!.Value;
            state = state.With(new ScheduleRun(last, ScheduleRunOutcome.Skipped, null, MissedSince(first, last), false));
            from = last;
        }

        return state with { JudgedTo = now, WaitsAfter = state.WaitsAfter ?? from };
    }

    /// <summary>The next run that waits; null where none does.</summary>
    public static DateTimeOffset? NextWaiting(ScheduleDefinition definition, ScheduleState state) =>
        state.WaitsAfter is { } after && definition.Recurrence.NextAfter(after) is { } due && due <= state.JudgedTo ? due : null;

    /// <summary>The state once all runs that wait but the last are left out.</summary>
    public static ScheduleState KeepLast(ScheduleDefinition definition, ScheduleState state)
    {
        var last = DueTimes.LastWithin(definition.Recurrence, state.WaitsAfter!.Value, state.JudgedTo)!.Value;
        return state with { WaitsAfter = JustBefore(last) };
    }

    /// <summary>The state once no run waits any more, because the one before has not ended.</summary>
    public static ScheduleState LeaveOut(ScheduleDefinition definition, ScheduleState state, TaskId? before)
    {
        var last = DueTimes.LastWithin(definition.Recurrence, state.WaitsAfter!.Value, state.JudgedTo)!.Value;
        var reason = before is null ? "The run before it has not ended." : $"The run before it, task {before}, has not ended.";
        return state.With(new ScheduleRun(last, ScheduleRunOutcome.Skipped, null, reason, false)) with { WaitsAfter = null };
    }

    // Nothing is due more finely than by the second.
    private static DateTimeOffset JustBefore(DateTimeOffset time) => time.AddMilliseconds(-1);

    private static string MissedSince(DateTimeOffset first, DateTimeOffset last) =>
        first == last
            ? "It was missed: the host was down, or its clock was set forward."
            : FormattableString.Invariant($"It and all since {first:u} were missed: the host was down, or its clock was set forward.");
}
