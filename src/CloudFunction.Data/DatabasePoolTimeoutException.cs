namespace CloudFunction.Data;

/// <summary>No connection of the pool became free in time.</summary>
public sealed class DatabasePoolTimeoutException : DatabaseException
{
    internal DatabasePoolTimeoutException(string pool, DatabasePoolStatus status, TimeSpan waited)
        : base(FormattableString.Invariant(
            $"No connection of the database pool '{pool}' became free within {waited.TotalSeconds:0.###} s (DB_POOL_TIMEOUT): ")
            + FormattableString.Invariant($"{status.InUse} are in use, which is all that DB_POOL_SIZE ({status.Size}) and ")
            + FormattableString.Invariant($"DB_MAX_OVERFLOW ({status.MaxOverflow}) allow. ")
            + "Dispose of connections once they are done with, or raise those.")
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
