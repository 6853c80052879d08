using Cronos;

namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>Due as a cron expression says.</summary>
internal sealed class CronExpressionRecurrence(CronExpression expression, TimeZoneInfo zone) : IRecurrence
{
    public DateTimeOffset? NextAfter(DateTimeOffset time) => expression.GetNextOccurrence(time, zone);
}
