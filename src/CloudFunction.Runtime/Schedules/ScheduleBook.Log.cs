using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Events 2550 and 2551.</summary>
internal sealed partial class ScheduleBook
{
    [LoggerMessage(2550, LogLevel.Error, "What is stored of the schedule {Schedule} cannot be read, and is left out")]
    private partial void LogUnreadable(Exception exception, string schedule);

    [LoggerMessage(2551, LogLevel.Error, "The schedule {Schedule}, which was made by the API, cannot be kept: {Reason}")]
    private partial void LogNoLongerValid(string schedule, string reason);
}
