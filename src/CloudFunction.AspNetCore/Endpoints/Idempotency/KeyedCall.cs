using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>A synchronous call that runs now under an Idempotency-Key, until the last of those that share it has its answer.</summary>
internal sealed class KeyedCall(IdempotencyKey key)
{
    // Whoever waits goes on elsewhere: the first call must not send all the others' answers before its own.
    private readonly TaskCompletionSource<KeyedOutcome?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private HeldBody? _held;
    private int _users = 1;

    /// <summary>Ends with what those get that share it; with null where it came to nothing that holds for others, and the key
    /// is free again.</summary>
    public Task<KeyedOutcome?> Ended => _ended.Task;

    /// <summary>Whether another call has the same payload.</summary>
    public bool HasPayloadOf(IdempotencyKey other) => key.HasPayload(other.Payload);

    /// <summary>Another caller shares it, and <see cref="Leave"/>s it once it has its answer.</summary>
    /// <returns>False where the last one has left.</returns>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_users == 0)
            {
                return false;
            }

            _users++;
            return true;
        }
    }

    /// <summary>A caller has its answer, or has given up.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_users > 0)
            {
                return;
            }
        }

        _held?.Dispose();
    }

    /// <summary>Keeps what its answer is read from for as long as anybody shares it.</summary>
    public void Hold(HeldBody answer) => _held = answer;

    /// <summary>Lets those go on that wait.</summary>
    public void End(KeyedOutcome? outcome) => _ended.TrySetResult(outcome);
}
