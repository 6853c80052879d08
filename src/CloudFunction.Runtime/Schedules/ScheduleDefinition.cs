namespace CloudFunction.Runtime.Schedules;

/// <summary>A schedule that can be kept. Made by <see cref="ScheduleDraft.Build"/>.</summary>
/// <param name="Id">Its id, unique over all sources.</param>
/// <param name="Name">Its name within its project, or among the host's own.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Target">What it runs.</param>
/// <param name="Timing">When, as written.</param>
/// <param name="Recurrence">When, as understood.</param>
/// <param name="Misfire">What is done about runs that were missed.</param>
/// <param name="Overlap">What is done while the run before has not ended.</param>
/// <param name="IsEnabled">Whether it is to run at all; its maker's word, beside which it can be paused.</param>
internal sealed record ScheduleDefinition(
    string Id, string Name, ScheduleSource Source, ScheduleTarget Target, ScheduleTiming Timing, IRecurrence Recurrence,
    MisfirePolicy Misfire, OverlapPolicy Overlap, bool IsEnabled)
{
    /// <summary>The id of a schedule by what it runs: <c>system_NAME</c>, <c>project_PROJECT_NAME</c>.</summary>
    public static string IdOf(string? project, string name) => project is null ? $"system_{name}" : $"project_{project}_{name}";
}
