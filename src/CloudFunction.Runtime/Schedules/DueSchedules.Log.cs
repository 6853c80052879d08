using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Events 2553 and 2556.</summary>
internal sealed partial class DueSchedules
{
    [LoggerMessage(2553, LogLevel.Warning, "The clock was set back, far before {JudgedTo}, until when {Schedule} had run: it goes on from now")]
    private partial void LogSetBack(string schedule, DateTimeOffset judgedTo);

    [LoggerMessage(2556, LogLevel.Error, "The schedule {Schedule} failed unexpectedly; it is tried again in a minute")]
    private partial void LogUnexpected(Exception exception, string schedule);
}
