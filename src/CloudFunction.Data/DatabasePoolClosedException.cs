namespace CloudFunction.Data;

/// <summary>The pool was closed and not reset since.</summary>
public sealed class DatabasePoolClosedException : DatabaseException
{
    internal DatabasePoolClosedException(string pool)
        : base($"The database pool '{pool}' is closed: reset it to use it again.")
    {
    }
}
