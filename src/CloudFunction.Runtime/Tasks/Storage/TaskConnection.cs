using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>A connection to the store's file. Not thread safe.</summary>
internal sealed class TaskConnection : IDisposable
{
    // How long a lock is waited for that nobody but a person's tool can hold: longer than a backup's steps, shorter than a caller's patience.
    private const int BusyMilliseconds = 5000;

    private readonly SqliteConnection _connection;
    private readonly List<SqliteStatement> _statements = [];

    private TaskConnection(SqliteConnection connection, string file)
    {
        _connection = connection;
        File = file;
    }

    /// <summary>The path, for messages.</summary>
    public string File { get; }

    /// <summary>Opens the file.</summary>
    /// <param name="file">The path of the store's file.</param>
    /// <param name="canWrite">Whether it is the writer's, which makes the file where it is missing.</param>
    /// <exception cref="TaskStoreException">It cannot be opened.</exception>
    public static TaskConnection Open(string file, bool canWrite)
    {
        // Not pooled: the store keeps its connections, and a closed store leaves the file free.
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = canWrite
            ? SqliteOpenMode.ReadWriteCreate
            : SqliteOpenMode.ReadWrite,
            Pooling = false
        };
        var connection = new SqliteConnection(text.ToString());
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle, BusyMilliseconds);
            return new TaskConnection(connection, file);
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw SqliteFaults.Of(exception, file);
        }
    }

    /// <summary>Prepares a statement, which ends with the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(_connection.Handle!, File, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs a statement once.</summary>
    public void Execute(string sql)
    {
        using var statement = new SqliteStatement(_connection.Handle!, File, sql);
        statement.Run();
    }

    /// <summary>The first column of a statement's first row, as text; null where there is none.</summary>
    public string? Query(string sql)
    {
        using var statement = new SqliteStatement(_connection.Handle!, File, sql);
        return statement.Step() ? statement.Text(0) : null;
    }

    /// <summary>The numbers in a statement's first column.</summary>
    public HashSet<long> QueryIds(string sql)
    {
        using var statement = new SqliteStatement(_connection.Handle!, File, sql);
        var ids = new HashSet<long>();
        while (statement.Step())
        {
            ids.Add(statement.Long(0));
        }

        return ids;
    }

    /// <summary>Runs some work, which SQLite then breaks off once <paramref name="isOver"/>.</summary>
    /// <returns>Whether the work came to its end.</returns>
    public bool TryWithin(Func<bool> isOver, Action work)
    {
        // Asked every so many of SQLite's steps: some hundred times a second.
        raw.sqlite3_progress_handler(_connection.Handle, 10_000, _ => isOver() ? 1 : 0, null);
        try
        {
            work();
            return true;
        }
        catch (TaskStoreException) when (isOver())
        {
            return false;
        }
        finally
        {
            raw.sqlite3_progress_handler(_connection.Handle, 0, (delegate_progress?)null, null);
        }
    }

    /// <summary>Takes back a transaction, where one is open still: some failures end it by themselves.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
