namespace CloudFunction.Data;

/// <summary>A pool as it is at one moment.</summary>
/// <param name="Size">How many connections it has room for: DB_POOL_SIZE.</param>
/// <param name="MaxOverflow">How many more there may be at once: DB_MAX_OVERFLOW.</param>
/// <param name="InUse">How many are lent.</param>
/// <param name="Idle">How many are open and wait for their next use; null where nobody knows, as of SQLite.</param>
/// <param name="Overflow">How many of those in use are more than <paramref name="Size"/>.</param>
/// <param name="Waiting">How many callers wait for one.</param>
/// <param name="IsClosed">Whether it was closed and lends none.</param>
public sealed record DatabasePoolStatus(int Size, int MaxOverflow, int InUse, int? Idle, int Overflow, int Waiting, bool IsClosed);
