namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>An Idempotency-Key that a call has reserved.</summary>
internal sealed class ReservedKey(IdempotencyKey key, Guid owner)
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid Owner => owner;

    public IdempotencyKey Key => key;

    /// <summary>Ends with the reservation; with false where its owner was lost.</summary>
    public Task<bool> Ended => _ended.Task;

    /// <summary>Lets those go on that wait.</summary>
    public void End(bool isLost) => _ended.TrySetResult(!isLost);
}
