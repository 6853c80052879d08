using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks;

/// <summary>Why a task of a caller without identity failed although its function succeeded.</summary>
internal static class AnonymousRefusal
{
    /// <summary>Of a result of so many bytes.</summary>
    public static InvocationError Of(long bytes) => new(
        $"Its result of {bytes} bytes is not stored: callers without identity have used up what they may store (ANONYMOUS_STORE_BYTES). What is "
        + "older makes room as it is deleted (TASK_RETENTION).");
}
