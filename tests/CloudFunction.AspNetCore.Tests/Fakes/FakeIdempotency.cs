using System.Collections.Concurrent;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Tests.Fakes;

/// <summary>Outcomes under Idempotency-Keys, in memory.</summary>
internal sealed class FakeIdempotency : IIdempotencyStore
{
    private readonly ConcurrentDictionary<string, (byte[] Payload, TaskId? Task, byte[]? Outcome)> _records = new();

    public Exception? FindFailure { get; set; }

    public Exception? SaveFailure { get; set; }

    public int Count => _records.Count;

    public static TaskStoreException Failed(TaskStoreFault fault) => new(fault, "the store's file /somewhere/tasks.db failed");

    /// <summary>Has a key stand for a task.</summary>
    public void AddTask(IdempotencyKey key) => _records[Convert.ToHexString(key.Scope)] = (key.Payload, FakeTasks.Id, null);

    public Task<IdempotencyRecord?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        FindFailure is null ? Task.FromResult(Find(key)) : Task.FromException<IdempotencyRecord?>(FindFailure);

    /// <summary>Whether callers without identity may store anything.</summary>
    public bool HasAnonymousRoom { get; set; } = true;

    public Task<bool> HasAnonymousRoomAsync(string project, CancellationToken cancellationToken) => Task.FromResult(HasAnonymousRoom);

    public Task<IdempotencyRecord?> SaveAsync(IdempotencyKey key, NewValue outcome, string? anonymousOf, CancellationToken cancellationToken)
    {
        if (SaveFailure is not null)
        {
            return Task.FromException<IdempotencyRecord?>(SaveFailure);
        }

        _records.TryAdd(Convert.ToHexString(key.Scope), (key.Payload, null, outcome.Row.ToArray()));
        return Task.FromResult(Find(key));
    }

    private IdempotencyRecord? Find(IdempotencyKey key) => _records.TryGetValue(Convert.ToHexString(key.Scope), out var record)
        ? new IdempotencyRecord(record.Payload.AsSpan().SequenceEqual(key.Payload), record.Task, record.Outcome is { } bytes ? new StoredValue(bytes) : null)
        : null;
}
