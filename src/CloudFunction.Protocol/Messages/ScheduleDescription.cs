namespace CloudFunction.Protocol.Messages;

/// <summary>A schedule as it stands on a function; nothing of it has been checked yet.</summary>
/// <param name="Cron">When it runs.</param>
/// <param name="TimeZone">The IANA name of the time zone; empty: the host's own.</param>
/// <param name="Payload">The request of each run, as JSON.</param>
/// <param name="Misfire">The misfire policy's name.</param>
/// <param name="Overlap">The overlap policy's name.</param>
internal sealed record ScheduleDescription(string Cron, string TimeZone, string Payload, string Misfire, string Overlap);
