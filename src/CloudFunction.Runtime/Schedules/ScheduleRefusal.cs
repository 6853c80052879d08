namespace CloudFunction.Runtime.Schedules;

/// <summary>Why something cannot be done with a schedule.</summary>
internal enum ScheduleRefusal
{
    /// <summary>There is no such schedule.</summary>
    NotFound,

    /// <summary>Its state or its source does not allow it: the message names which.</summary>
    Conflict,
}
