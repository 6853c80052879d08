namespace CloudFunction.Runtime.Schedules;

/// <summary>What a schedule runs.</summary>
/// <param name="Project">Whose function; null for a function of the host's own.</param>
/// <param name="Function">Which function.</param>
/// <param name="Payload">The request, as JSON in UTF-8; for a function of the host's own the array of its arguments.</param>
internal sealed record ScheduleTarget(string? Project, string Function, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The host's own function that deletes finished tasks older than so many days.</summary>
    public const string CleanupOldTasks = "cleanup_old_tasks";
}
