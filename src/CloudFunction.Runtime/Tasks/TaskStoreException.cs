namespace CloudFunction.Runtime.Tasks;

/// <summary>The task store did not do what was asked, and nothing of it was stored. The message says what is wrong, where, and what
/// would be right.</summary>
internal sealed class TaskStoreException(TaskStoreFault fault, string message, Exception? innerException = null)
    : CloudFunctionException(message, innerException)
{
    /// <summary>Why.</summary>
    public TaskStoreFault Fault { get; } = fault;
}
