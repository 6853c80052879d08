using System.Collections.Concurrent;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Tests.Fakes;

/// <summary>Outcomes under Idempotency-Keys, in memory, and the calls of another host.</summary>
internal sealed class FakeIdempotency : IIdempotencyStore
{
    private readonly ConcurrentDictionary<string, (byte[] Payload, TaskId? Task, byte[]? Outcome)> _records = new();
    private readonly ConcurrentDictionary<string, (byte[] Payload, TaskCompletionSource<bool> End)> _running = new();

    public Exception? ReserveFailure { get; set; }

    public Exception? SaveFailure { get; set; }

    public int Count => _records.Count;

    /// <summary>How many keys are reserved.</summary>
    public int Reserved => _running.Count;

    /// <summary>How often somebody has begun to wait for another host.</summary>
    public int Waits { get; private set; }

    /// <summary>Whether callers without identity may store anything.</summary>
    public bool HasAnonymousRoom { get; set; } = true;

    public static TaskStoreException Failed(TaskStoreFault fault) => new(fault, "the store's file /somewhere/tasks.db failed");

    /// <summary>Has a key stand for a task.</summary>
    public void AddTask(IdempotencyKey key) => _records[NameOf(key)] = (key.Payload, FakeTasks.Id, null);

    /// <summary>What is stored under a key.</summary>
    public byte[]? OutcomeOf(IdempotencyKey key) => _records[NameOf(key)].Outcome;

    /// <summary>Has another host run a call under a key.</summary>
    public void RunElsewhere(IdempotencyKey key) => _running[NameOf(key)] = (key.Payload, New());

    /// <summary>Ends the call that another host runs.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="outcome">What it came to; null for nothing that holds for others.</param>
    /// <param name="isLost">Whether it was lost with its host.</param>
    public void EndElsewhere(IdempotencyKey key, byte[]? outcome = null, bool isLost = false)
    {
        if (outcome is not null)
        {
            _records[NameOf(key)] = (key.Payload, null, outcome);
        }

        End(key, isLost);
    }

    public Task<KeyReservation> ReserveAsync(IdempotencyKey key, StoreOwner owner, string? anonymousOf, CancellationToken cancellationToken)
    {
        if (ReserveFailure is not null)
        {
            return Task.FromException<KeyReservation>(ReserveFailure);
        }

        if (_records.TryGetValue(NameOf(key), out var record))
        {
            var isSame = record.Payload.AsSpan().SequenceEqual(key.Payload);
            return Task.FromResult(new KeyReservation(
                KeyState.Stored, new IdempotencyRecord(isSame, record.Task, record.Outcome is { } bytes ? new StoredValue(bytes) : null)));
        }

        if (anonymousOf is not null && !HasAnonymousRoom)
        {
            return Task.FromResult(new KeyReservation(KeyState.NoRoom));
        }

        var wanted = (key.Payload, New());
        var running = _running.GetOrAdd(NameOf(key), wanted);
        return Task.FromResult(new KeyReservation(
            running == wanted ? KeyState.Reserved : running.Payload.AsSpan().SequenceEqual(key.Payload) ? KeyState.Running : KeyState.Conflict));
    }

    public Task<bool> WaitForEndAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        Waits++;
        return _running.TryGetValue(NameOf(key), out var running) ? running.End.Task.WaitAsync(cancellationToken) : Task.FromResult(true);
    }

    public Task<IdempotencyRecord?> SaveAsync(
        IdempotencyKey key, StoreOwner owner, NewValue outcome, string? anonymousOf, CancellationToken cancellationToken)
    {
        if (SaveFailure is not null)
        {
            return Task.FromException<IdempotencyRecord?>(SaveFailure);
        }

        var bytes = outcome.Row.ToArray();
        _records[NameOf(key)] = (key.Payload, null, bytes);
        End(key, isLost: false);
        return Task.FromResult<IdempotencyRecord?>(new IdempotencyRecord(true, null, new StoredValue(bytes)));
    }

    public Task FreeAsync(IdempotencyKey key, StoreOwner owner, CancellationToken cancellationToken)
    {
        End(key, isLost: false);
        return Task.CompletedTask;
    }

    public Task<bool> RenewAsync(StoreOwner owner, CancellationToken cancellationToken) => Task.FromResult(true);

    private void End(IdempotencyKey key, bool isLost)
    {
        if (_running.TryRemove(NameOf(key), out var running))
        {
            running.End.TrySetResult(!isLost);
        }
    }

    private static string NameOf(IdempotencyKey key) => Convert.ToHexString(key.Scope);

    private static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
