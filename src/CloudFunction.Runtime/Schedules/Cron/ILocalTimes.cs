namespace CloudFunction.Runtime.Schedules.Cron;

/// <summary>Times that a calendar and a clock on a wall show and at which something is due, in no time zone. Thread safe.</summary>
internal interface ILocalTimes
{
    /// <summary>Whether the time of day is one that comes at intervals, rather than so many times a day.</summary>
    bool IsInterval { get; }

    /// <summary>The first of them that is not before another time; null where there is none.</summary>
    DateTime? NextFrom(DateTime local);
}
