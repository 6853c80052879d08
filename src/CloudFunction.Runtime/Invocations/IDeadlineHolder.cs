namespace CloudFunction.Runtime.Invocations;

/// <summary>Holds things with deadlines.</summary>
internal interface IDeadlineHolder
{
    /// <summary>Ends what is past its deadline. Called on the sweep's thread, so it must not block and run nobody's continuations.</summary>
    /// <param name="now">A timestamp of the process's time provider.</param>
    /// <returns>Whether anything with a deadline is left.</returns>
    bool EndOverdue(long now);
}
