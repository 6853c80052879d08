namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The outcomes of synchronous calls by their Idempotency-Keys; the keys of calls that run are in memory
/// (<see cref="ReservedKeys"/>).</summary>
internal sealed partial class SqliteTaskStore
{
    public async Task<KeyReservation> ReserveAsync(IdempotencyKey key, StoreOwner owner, string? anonymousOf, CancellationToken cancellationToken)
    {
        // By a reader first: what is stored is replayed whatever the writer does.
        if (await Opened.Readers.ReadAsync(reader => reader.Find(key), cancellationToken).ConfigureAwait(false) is { } stored)
        {
            return new KeyReservation(KeyState.Stored, stored);
        }

        _leases.Renew(owner);
        var wanted = new ReservedKey(key, owner.Id);
        var isAnswered = false;
        try
        {
            // By the writer's thread, so that no task takes the key at the same time.
            var reservation = await Opened.Writer.WriteAsync(
                0, tables => tables.Idempotency.Reserve(wanted, anonymousOf), null, cancellationToken).ConfigureAwait(false);
            isAnswered = true;
            return reservation;
        }
        finally
        {
            if (!isAnswered)
            {
                _reserved.End(wanted); // Made by a transaction that failed.
            }
        }
    }

    public async Task<bool> WaitForEndAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        _reserved.Find(key) is not { } running || await running.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);

    public async Task<IdempotencyRecord?> SaveAsync(
        IdempotencyKey key, StoreOwner owner, NewValue outcome, string? anonymousOf, CancellationToken cancellationToken)
    {
        var isStored = await WithFileAsync(
            outcome,
            () => Opened.Writer.WriteAsync(
                BytesOf(outcome),
                tables => tables.TrySaveOutcome(key, owner.Id, outcome, anonymousOf),
                _ => Free(key, owner),
                cancellationToken),
            static isStored => isStored,
            cancellationToken).ConfigureAwait(false);
        return isStored
            ? new IdempotencyRecord(true, null, outcome.File is { } file ? Opened.Files.Find(file.Id, file.Length) : new StoredValue(outcome.Row))
            : null;
    }

    public Task FreeAsync(IdempotencyKey key, StoreOwner owner, CancellationToken cancellationToken)
    {
        Free(key, owner);
        return Task.CompletedTask;
    }

    private void Free(IdempotencyKey key, StoreOwner owner)
    {
        if (_reserved.Find(key, owner.Id) is { } reserved)
        {
            _reserved.End(reserved);
        }
    }
}
