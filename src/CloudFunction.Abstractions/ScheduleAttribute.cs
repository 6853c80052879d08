namespace CloudFunction;

/// <summary>
/// Runs a function by the clock, as a task with an empty object (<c>{}</c>) as its request. It may stand more than once on a function. What is not well formed fails the deploy.
/// </summary>
/// <param name="cron">
/// When: five fields (minute, hour, day of month, month, day of week), or six of which the first is the second, as in <c>0 8 * * 1</c>; Sunday is 0.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ScheduleAttribute(string cron) : Attribute
{
    /// <summary>When it runs.</summary>
    public string Cron { get; } = cron;

    /// <summary>The IANA name of the time zone that <see cref="Cron"/> is read in. UTC by default.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>What is done about runs that were missed while the host was down: <c>once</c> (one run for all of them; the default), <c>skip</c> (none) or <c>all</c>.</summary>
    public string? Misfire { get; set; }

    /// <summary>What is done when the run before has not ended: <c>skip</c> (the new one is left out; the default), <c>queue</c> (it waits) or <c>replace</c> (the one before is cancelled).</summary>
    public string? Overlap { get; set; }
}
