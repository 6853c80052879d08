using System.Data.Common;

namespace CloudFunction.Data;

/// <summary>What goes wrong between a function and a database before the database itself is asked.</summary>
public abstract class DatabaseException : DbException
{
    /// <summary>Describes what went wrong.</summary>
    protected DatabaseException(string message)
        : base(message)
    {
    }
}
