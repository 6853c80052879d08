namespace CloudFunction.Runtime.Schedules;

/// <summary>Where a schedule comes from.</summary>
internal enum ScheduleSource
{
    /// <summary>The schedule file.</summary>
    File = 0,

    /// <summary>An attribute on the function.</summary>
    Function = 1,

    /// <summary>The API.</summary>
    Api = 2,
}
