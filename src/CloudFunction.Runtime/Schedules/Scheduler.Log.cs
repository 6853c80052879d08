using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Schedules;

/// <summary>Events 2552 to 2559; 2550 and 2551 are the <see cref="ScheduleBook"/>'s, 2553 and 2556 those of
/// <see cref="DueSchedules"/>.</summary>
internal sealed partial class Scheduler
{
    [LoggerMessage(2552, LogLevel.Warning, "The schedule {Schedule} is there already, from another source, which goes on; the new one is left out")]
    private partial void LogTaken(string schedule);

    [LoggerMessage(2554, LogLevel.Error, "The schedules' store does not answer; it is asked again every second: {Reason}")]
    private partial void LogStoreFailed(string reason);

    [LoggerMessage(2555, LogLevel.Information, "The schedules' store answers again")]
    private partial void LogStoreBack();

    [LoggerMessage(
        2557, LogLevel.Warning,
        "The schedule {Schedule} has a day of the month and a weekday in '{Cron}': it is due on days that are both, while crontab takes days that "
        + "are either; for that, make two schedules")]
    private partial void LogBothDays(string schedule, string cron);

    [LoggerMessage(2559, LogLevel.Warning, "The schedule {Schedule} is never due again: the last time that it asks for is over")]
    private partial void LogOver(string schedule);

    [LoggerMessage(2558, LogLevel.Information, "The schedule {Schedule} was deleted with the project {Project}")]
    private partial void LogForgotten(string schedule, string project);
}
