namespace CloudFunction.Runtime.Schedules;

/// <summary>When something is due, again and again. Thread safe.</summary>
internal interface IRecurrence
{
    /// <summary>The first time it is due after another; null where it never is again.</summary>
    DateTimeOffset? NextAfter(DateTimeOffset time);
}
