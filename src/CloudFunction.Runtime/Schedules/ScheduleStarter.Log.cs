using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Events 2570 to 2579.</summary>
internal sealed partial class ScheduleStarter
{
    [LoggerMessage(2570, LogLevel.Error, "The schedule {Schedule} was due, but nothing runs: {Reason}")]
    private partial void LogFailed(string schedule, string reason);

    [LoggerMessage(2571, LogLevel.Information, "The schedule {Schedule} has deleted {Count} finished tasks")]
    private partial void LogCleanedUp(string schedule, int count);

    [LoggerMessage(2572, LogLevel.Error, "The schedule {Schedule} could not delete finished tasks; it tries again when it is due next")]
    private partial void LogCleanUpFailed(Exception exception, string schedule);
}
