namespace CloudFunction.Runtime.Tasks;

/// <summary>
/// Outcomes of synchronous calls by their Idempotency-Key, in one room with those of tasks. Calls of one key that run at the same time are the caller's
/// to join: the store knows of a call only once its outcome is saved. Thread safe; fails with <see cref="TaskStoreException"/>.
/// </summary>
internal interface IIdempotencyStore
{
    /// <summary>What is stored under a key; null where nothing is.</summary>
    Task<IdempotencyRecord?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Stores an outcome, durable once this completes. The first one stays: later ones of the same key are not stored.</summary>
    /// <param name="key">The key.</param>
    /// <param name="outcome">Any bytes; not to be changed until this completes.</param>
    /// <param name="anonymousOf">The project that it counts for, where the caller showed no identity; else null.</param>
    /// <param name="cancellationToken">Ends the wait for room in the store, and nothing later.</param>
    /// <returns>What is stored now; null where callers without identity have no room for it, and nothing is.</returns>
    Task<IdempotencyRecord?> SaveAsync(IdempotencyKey key, NewValue outcome, string? anonymousOf, CancellationToken cancellationToken);

    /// <summary>Whether callers without identity may store anything more for a project.</summary>
    Task<bool> HasAnonymousRoomAsync(string project, CancellationToken cancellationToken);
}
