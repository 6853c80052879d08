namespace CloudFunction.Runtime.Tasks;

/// <summary>What became of the wish to cancel a task.</summary>
internal enum CancelOutcome
{
    /// <summary>There is no such task.</summary>
    NotFound,

    /// <summary>It waited, and is cancelled.</summary>
    Cancelled,

    /// <summary>It runs: the wish is stored, and whoever runs it has to end it.</summary>
    Requested,

    /// <summary>It was finished already, and stays what it is.</summary>
    Finished,
}
