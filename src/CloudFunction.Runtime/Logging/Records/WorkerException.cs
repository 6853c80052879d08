namespace CloudFunction.Runtime.Logging.Records;

/// <summary>An exception that was thrown in a worker: all that is left of it here is its text.</summary>
internal sealed class WorkerException(string text) : Exception
{
    public override string Message => text;

    /// <summary>Type, message and stack, as the worker sent them.</summary>
    public override string ToString() => text;
}
