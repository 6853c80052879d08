namespace CloudFunction.Runtime.Tasks;

/// <summary>
/// Synchronous calls and their outcomes by Idempotency-Key, in one room with the keys of tasks. A call reserves its key before it runs, so
/// that of several with one key, on whatever host, one runs. A reservation lasts until it is ended by its owner, or its owner's lease is
/// over. Thread safe; fails with <see cref="TaskStoreException"/>.
/// </summary>
internal interface IIdempotencyStore : IStoreLeases
{
    /// <summary>Reserves a key for a call that is to run, unless the key stands for something.</summary>
    /// <param name="key">In its scope, with the hash of the call's payload.</param>
    /// <param name="owner">Whose lease the reservation ends with.</param>
    /// <param name="anonymousOf">The project that its outcome will count for, where the caller showed no identity; else null.</param>
    /// <param name="cancellationToken">Ends the wait for room in the store, and nothing later.</param>
    Task<KeyReservation> ReserveAsync(IdempotencyKey key, StoreOwner owner, string? anonymousOf, CancellationToken cancellationToken);

    /// <summary>Completes once no call runs under a key any more, at once where none does.</summary>
    /// <returns>False where the call was lost with its owner.</returns>
    Task<bool> WaitForEndAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Stores the outcome of the call that a key is reserved for, durable once this completes, and ends the reservation.</summary>
    /// <param name="key">As it was reserved.</param>
    /// <param name="owner">Who has reserved it.</param>
    /// <param name="outcome">Any bytes; not to be changed until this completes.</param>
    /// <param name="anonymousOf">As it was reserved.</param>
    /// <param name="cancellationToken">Ends the wait for room in the store, and nothing later.</param>
    /// <returns>What is stored now; null where nothing is: callers without identity have no room for it, or the reservation was lost.</returns>
    Task<IdempotencyRecord?> SaveAsync(
        IdempotencyKey key, StoreOwner owner, NewValue outcome, string? anonymousOf, CancellationToken cancellationToken);

    /// <summary>Ends a reservation without an outcome: the key is free again. Does nothing where it is not reserved by that owner.</summary>
    Task FreeAsync(IdempotencyKey key, StoreOwner owner, CancellationToken cancellationToken);
}
