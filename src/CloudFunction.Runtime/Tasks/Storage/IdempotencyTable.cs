namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>What was stored under Idempotency-Keys. For the writer's thread alone.</summary>
internal sealed class IdempotencyTable(TaskConnection connection)
{
    /// <summary>The query for one scope, of which <see cref="Read"/> takes the row.</summary>
    public const string Find = "SELECT payload, task, salt, outcome FROM idempotency WHERE scope = ?";

    private readonly SqliteStatement _find = connection.Prepare(Find);
    private readonly SqliteStatement _insert = connection.Prepare("INSERT INTO idempotency (scope, payload, created, task, salt, outcome) VALUES (?, ?, ?, ?, ?, ?)");

    private readonly SqliteStatement _batch = connection.Prepare(
        "SELECT id, created, task IS NOT NULL AND EXISTS (SELECT 1 FROM task WHERE key = idempotency.task) FROM idempotency WHERE id > ? ORDER BY id LIMIT ?");

    private readonly SqliteStatement _delete = connection.Prepare("DELETE FROM idempotency WHERE id = ?");

    /// <summary>What is stored; null where nothing is.</summary>
    public IdempotencyRecord? TryFind(IdempotencyKey key) => Read(_find, key);

    /// <summary>Stores a task's or a call's record under a key that has none.</summary>
    public void Insert(IdempotencyKey key, TaskId? task, ReadOnlyMemory<byte>? outcome, long now)
    {
        _insert.With(key.Scope).With(key.Payload).With(now).With(task?.Key).With(task?.Salt);
        (outcome is { } bytes ? _insert.With(bytes.Span) : _insert.WithNull()).Run();
    }

    /// <summary>Deletes old records from a place on. Rows ascend by age, so the first young one is the end. A task's record stays as long as its task.</summary>
    /// <returns>Where to go on; null at the end.</returns>
    public long? Sweep(long after, int max, long createdBefore)
    {
        var old = new List<long>();
        var seen = 0;
        _batch.With(after).With(max);
        while (_batch.Step())
        {
            if (_batch.Long(1) >= createdBefore)
            {
                _batch.Reset();
                break;
            }

            seen++;
            after = _batch.Long(0);
            if (_batch.Long(2) == 0)
            {
                old.Add(after);
            }
        }

        foreach (var id in old)
        {
            _delete.With(id).Run();
        }

        return seen == max ? after : null;
    }

    /// <summary>Reads a record by the <see cref="Find"/> of any connection.</summary>
    public static IdempotencyRecord? Read(SqliteStatement find, IdempotencyKey key)
    {
        if (!find.With(key.Scope).Step())
        {
            return null;
        }

        TaskId? task = find.IsNull(1) ? null : new TaskId(find.Long(1), find.Long(2));
        ReadOnlyMemory<byte>? outcome = find.IsNull(3) ? default(ReadOnlyMemory<byte>?) : find.Blob(3);
        var record = new IdempotencyRecord(find.Blob(0).AsSpan().SequenceEqual(key.Payload), task, outcome);
        find.Reset();
        return record;
    }
}
