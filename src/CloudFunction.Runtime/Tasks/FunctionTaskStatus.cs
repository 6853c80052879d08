namespace CloudFunction.Runtime.Tasks;

/// <summary>Where a task stands. The numbers are stored: they never change, and new ones are added at the end.</summary>
internal enum FunctionTaskStatus
{
    /// <summary>It waits for its first attempt.</summary>
    Created = 0,

    /// <summary>An attempt runs.</summary>
    Running = 1,

    /// <summary>It waits for another attempt.</summary>
    Retrying = 2,

    /// <summary>An attempt succeeded. Final.</summary>
    Completed = 3,

    /// <summary>No attempt is left, or the last one's outcome is not worth another. Final, unless somebody has it run again.</summary>
    Failed = 4,

    /// <summary>Somebody took it back. Final.</summary>
    Cancelled = 5,
}
