using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Deployments;

/// <summary>A schedule on a function, as its author wrote it.</summary>
/// <param name="Cron">When it runs.</param>
/// <param name="TimeZone">The IANA name of the time zone; null: SCHEDULER_TIMEZONE.</param>
/// <param name="Payload">The request of each run, as JSON.</param>
/// <param name="Misfire">The misfire policy's name.</param>
/// <param name="Overlap">The overlap policy's name.</param>
internal sealed record DeployedSchedule(string Cron, string? TimeZone, string Payload, string Misfire, string Overlap)
{
    /// <summary>What a worker has found on a function.</summary>
    public static DeployedSchedule Of(ScheduleDescription found) =>
        new(found.Cron, found.TimeZone is "" ? null : found.TimeZone, found.Payload, found.Misfire, found.Overlap);
}
