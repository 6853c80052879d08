using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>A synchronous call that runs now under an Idempotency-Key.</summary>
/// <param name="key">Its key and payload.</param>
internal sealed class KeyedCall(IdempotencyKey key)
{
    // Whoever waits goes on elsewhere: the first call must not send all the others' answers before its own.
    private readonly TaskCompletionSource<StoredAnswer?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with its answer; with null where it has none that holds for others, and the key is free again.</summary>
    public Task<StoredAnswer?> Ended => _ended.Task;

    /// <summary>Whether another call has the same payload.</summary>
    public bool HasPayloadOf(IdempotencyKey other) => key.Payload.AsSpan().SequenceEqual(other.Payload);

    /// <summary>Lets those go on that wait.</summary>
    public void End(StoredAnswer? answer) => _ended.TrySetResult(answer);
}
