namespace CloudFunction.Runtime.Tasks;

/// <summary>What became of the wish to run a failed task again.</summary>
internal enum RerunOutcome
{
    /// <summary>There is no such task.</summary>
    NotFound,

    /// <summary>It waits for an attempt, with as many attempts as it had at first.</summary>
    Queued,

    /// <summary>It has not failed, and stays what it is.</summary>
    NotFailed,
}
