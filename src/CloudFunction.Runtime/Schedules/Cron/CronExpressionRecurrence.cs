using Cronos;

namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>Due by a cron expression.</summary>
internal sealed class CronExpressionRecurrence(CronExpression expression, TimeZoneInfo zone) : IRecurrence
{
    public DateTimeOffset? NextAfter(DateTimeOffset time) => expression.GetNextOccurrence(time, zone);
}
