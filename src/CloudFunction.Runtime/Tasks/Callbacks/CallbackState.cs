namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>Where a callback stands. The numbers are stored: they never change, and new ones are added at the end.</summary>
internal enum CallbackState
{
    /// <summary>It waits for a try.</summary>
    Waiting = 0,

    /// <summary>The receiver took it. Final.</summary>
    Delivered = 1,

    /// <summary>Nobody wants it any more: the receiver answered so, or its task is gone or runs again. Final.</summary>
    Gone = 2,

    /// <summary>The receiver does not take it, or all tries are used up. Final.</summary>
    Failed = 3,
}
