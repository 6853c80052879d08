namespace CloudFunction.Runtime.Tasks;

/// <summary>
/// Says which functions have room for one more task. Called by the store from within a claim, with a lock held: it has to answer at once and must not
/// call the store.
/// </summary>
internal interface ITaskGate
{
    /// <summary>Takes a place for a task of this function if there is one. False leaves the function alone for the rest of the claim.</summary>
    bool TryTake(string project, string function);

    /// <summary>Gives a place back that no task was found for.</summary>
    void GiveBack(string project, string function);
}
