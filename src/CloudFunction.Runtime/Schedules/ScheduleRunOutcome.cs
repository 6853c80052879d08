namespace CloudFunction.Runtime.Schedules;

/// <summary>What became of a run that was due. The numbers are stored: they never change, and new ones are added at the end.</summary>
internal enum ScheduleRunOutcome
{
    /// <summary>A task was made of it, or the host's own function has run.</summary>
    Started = 0,

    /// <summary>It was left out: it was missed, or the one before had not ended.</summary>
    Skipped = 1,

    /// <summary>Nothing could be made of it: for example, the function is not there.</summary>
    Failed = 2,

    /// <summary>It waits for the one before to end.</summary>
    Waiting = 3,
}
