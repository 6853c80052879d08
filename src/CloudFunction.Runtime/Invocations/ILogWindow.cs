namespace CloudFunction.Runtime.Invocations;

/// <summary>The room that a worker has for log records under way.</summary>
internal interface ILogWindow
{
    /// <summary>Gives back what a record took, once it was written or dropped: exactly once for each record. Thread safe; it neither blocks nor
    /// throws, and it may be called after the worker has gone.</summary>
    void Release(int bytes);
}
