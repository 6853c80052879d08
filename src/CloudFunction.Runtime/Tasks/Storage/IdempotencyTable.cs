namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>What Idempotency-Keys stand for: what was stored under them, and the calls that run. For the writer's thread alone.</summary>
internal sealed class IdempotencyTable(
    TaskConnection connection, ValueFiles files, BlobTable blobs, AnonymousUse anonymous, ReservedKeys reserved)
{
    /// <summary>The query for one scope, whose row <see cref="Read"/> reads.</summary>
    public const string Find =
        """
        SELECT i.payload, i.task, i.salt, i.outcome, b.id, b.length
        FROM idempotency i LEFT JOIN blob b ON b.id = i.outcome_blob WHERE i.scope = ?
        """;

    private readonly SqliteStatement _find = connection.Prepare(Find);

    private readonly SqliteStatement _insert = connection.Prepare(
        "INSERT INTO idempotency (scope, payload, created, task, salt, outcome, outcome_blob, anonymous, project) VALUES (?, ?, ?, "
        + "?, ?, ?, ?, ?, ?)");

    private readonly SqliteStatement _batch = connection.Prepare(
        "SELECT id, created, task IS NOT NULL AND EXISTS (SELECT 1 FROM task WHERE key = idempotency.task) FROM idempotency WHERE id > ? "
        + "ORDER BY id LIMIT ?");

    private readonly SqliteStatement _delete = connection.Prepare("DELETE FROM idempotency WHERE id = ? RETURNING outcome_blob, anonymous, project");

    /// <summary>What is stored; null where nothing is.</summary>
    public IdempotencyRecord? TryFind(IdempotencyKey key) => Read(_find, key, files);

    /// <summary>Reads a record by the <see cref="Find"/> of any connection.</summary>
    public static IdempotencyRecord? Read(SqliteStatement find, IdempotencyKey key, ValueFiles files)
    {
        if (!find.With(key.Scope).Step())
        {
            return null;
        }

        TaskId? task = find.IsNull(1) ? null : new TaskId(find.Long(1), find.Long(2));
        var outcome = !find.IsNull(4) ? files.Find(find.Long(4), find.Long(5)) : find.IsNull(3) ? null : new StoredValue(find.Blob(3));
        var record = new IdempotencyRecord(key.HasPayload(find.Blob(0)), task, outcome);
        find.Reset();
        return record;
    }

    /// <summary>Whether a call that runs has reserved a key.</summary>
    public bool IsReserved(IdempotencyKey key) => reserved.Find(key) is not null;

    /// <summary>Reserves a key for a call, unless it stands for something.</summary>
    public KeyReservation Reserve(ReservedKey wanted, string? anonymousOf)
    {
        if (TryFind(wanted.Key) is { } stored)
        {
            return new(KeyState.Stored, stored);
        }

        if (reserved.Find(wanted.Key) is { } running && running != wanted) // Itself, where the transaction is repeated.
        {
            return new(running.Key.HasPayload(wanted.Key.Payload) ? KeyState.Running : KeyState.Conflict);
        }

        if (anonymousOf is not null && !anonymous.HasRoom(anonymousOf))
        {
            return new(KeyState.NoRoom);
        }

        reserved.Add(wanted);
        return new(KeyState.Reserved);
    }

    /// <summary>Stores a task's record under a key that has none.</summary>
    public void InsertTask(IdempotencyKey key, TaskId task, long now) =>
        _insert.With(key.Scope).With(key.Payload).With(now).With(task.Key).With(task.Salt).WithNull().WithNull().WithNull().WithNull().Run();

    /// <summary>Stores a call's outcome.</summary>
    /// <returns>Whether it is stored: there may be no room, or its key may not be reserved for it any more.</returns>
    public bool TrySaveOutcome(IdempotencyKey key, Guid owner, NewValue outcome, string? anonymousOf, long now)
    {
        if (reserved.Find(key, owner) is null)
        {
            return false;
        }

        if (anonymousOf is not null && !anonymous.TryTake(anonymousOf, outcome.Length))
        {
            return false;
        }

        _insert.With(key.Scope).With(key.Payload).With(now).WithNull().WithNull();
        (outcome.File is null ? _insert.With(outcome.Row.Span) : _insert.WithNull()).With(blobs.Insert(outcome.File))
            .With(anonymousOf is null ? null : AnonymousUse.Count(outcome.Length)).With(anonymousOf).Run();
        return true;
    }

    /// <summary>Deletes old records from a place on. Rows ascend by age, so the first young one is the end. A task's record stays as
    /// long as its task.</summary>
    /// <returns>Where to go on; null at the end.</returns>
    /// <param name="after">Where the last call ended.</param>
    /// <param name="max">How many rows at most.</param>
    /// <param name="createdBefore">In milliseconds since 1970: what was made before is old.</param>
    /// <param name="released">Gets the files that no row names any more.</param>
    public long? Sweep(long after, int max, long createdBefore, List<long> released)
    {
        var old = new List<long>();
        var count = 0;
        _batch.With(after).With(max);
        while (_batch.Step())
        {
            if (_batch.Long(1) >= createdBefore)
            {
                _batch.Reset();
                break;
            }

            count++;
            after = _batch.Long(0);
            if (_batch.Long(2) == 0)
            {
                old.Add(after);
            }
        }

        foreach (var id in old)
        {
            _delete.With(id).Step();
            var (blob, bytes, project) = (_delete.LongOrNull(0), _delete.LongOrNull(1), _delete.Text(2));
            _delete.Run();
            blobs.Delete(blob, released);
            if (bytes is { } counted)
            {
                anonymous.GiveBack(project!, counted);
            }
        }

        return count == max ? after : null;
    }
}
