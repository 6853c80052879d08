namespace CloudFunction.Runtime.Tasks;

/// <summary>What follows from the end of an attempt.</summary>
internal enum AttemptVerdict
{
    /// <summary>The task is completed.</summary>
    Complete,

    /// <summary>Another attempt follows; the task fails where none is left, and is cancelled where that was asked for.</summary>
    Retry,

    /// <summary>The task fails however many attempts are left; it is cancelled where that was asked for.</summary>
    Fail,

    /// <summary>The task is cancelled.</summary>
    Cancel,

    /// <summary>The attempt was cut through no fault of the function's, by a drain for one: another follows, and this one does not count.</summary>
    Requeue,
}
