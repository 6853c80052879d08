namespace CloudFunction;

/// <summary>
/// Runs a function on a schedule, each run being a queued invocation with attempts of its own. It may stand on a function, class or
/// method, more than once. The host takes it up with a deployment, shows it under <c>/api/v1/schedules</c>, and refuses a
/// deployment in which one is wrong.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class ScheduleAttribute : Attribute
{
    /// <summary>Sets when the function runs.</summary>
    /// <param name="cron">Five fields, minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), or six with the second
    /// before them: <c>0 8 * * 1</c> is every Monday at eight.</param>
    public ScheduleAttribute(string cron) => Cron = cron;

    /// <summary>When it runs, as a cron expression.</summary>
    public string Cron { get; }

    /// <summary>The IANA name of the time zone that <see cref="Cron"/> is read in, such as <c>Europe/Berlin</c>. Default, and where it is null or
    /// empty: the host's setting <c>SCHEDULER_TIMEZONE</c>.</summary>
    public string? TimeZone { get; set; }

    /// <summary>The request of each run, as JSON. Default: an empty object.</summary>
    public string Payload { get; set; } = "{}";

    /// <summary>What is done about runs that were due while the host was down. Default: <see cref="MisfirePolicy.Once"/>.</summary>
    public MisfirePolicy Misfire { get; set; }

    /// <summary>What is done when a run is due and the one before has not ended. Default: <see cref="OverlapPolicy.Skip"/>.</summary>
    public OverlapPolicy Overlap { get; set; }
}
