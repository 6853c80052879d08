using SQLitePCL;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// A prepared statement that is used again and again. It stands on SQLite's own calls, because the provider's commands box every value and
/// cost more than the statements here do. Not thread safe, like the connection.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private readonly string _file;
    private int _bound;

    public SqliteStatement(sqlite3 connection, string file, string sql)
    {
        _connection = connection;
        _file = file;
        Check(raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Binds the next parameter.</summary>
    public SqliteStatement With(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    /// <summary>Binds the next parameter; null is NULL.</summary>
    public SqliteStatement With(long? value) => value is { } number ? With(number) : WithNull();

    /// <summary>Binds the next parameter; null is NULL.</summary>
    public SqliteStatement With(string? value)
    {
        if (value is null)
        {
            return WithNull();
        }

        Check(raw.sqlite3_bind_text(_statement, ++_bound, value));
        return this;
    }

    /// <summary>Binds the next parameter, copied.</summary>
    public SqliteStatement With(ReadOnlySpan<byte> value)
    {
        // No bytes are a blob too; a pointer to none would be NULL.
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, ++_bound, 0) : raw.sqlite3_bind_blob(_statement, ++_bound, value));
        return this;
    }

    /// <summary>Binds NULL to the next parameter.</summary>
    public SqliteStatement WithNull()
    {
        Check(raw.sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    /// <summary>Goes to the next row. After false, and after an exception, it is ready to be bound again.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        var failure = code == raw.SQLITE_DONE ? null : SqliteFaults.Of(_connection, _file);
        Reset();
        return failure is null ? false : throw failure;
    }

    /// <summary>Runs it to its end.</summary>
    public void Run()
    {
        while (Step())
        {
            // Rows that nobody asked for.
        }
    }

    /// <summary>Ends it where it is; to be called by whoever does not step to the end, since an open statement keeps its snapshot.</summary>
    public void Reset()
    {
        _bound = 0;
        _ = raw.sqlite3_reset(_statement); // Returns again what the last step returned.
        _ = raw.sqlite3_clear_bindings(_statement); // Else a payload would stay in memory until the next use.
    }

    /// <summary>Whether a column of the row is NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>Whether a column of the row holds a whole number.</summary>
    public bool IsInteger(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_INTEGER;

    /// <summary>A column of the row; 0 for NULL.</summary>
    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>A column of the row; null for NULL.</summary>
    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    /// <summary>A column of the row; 0 for NULL.</summary>
    public int Int(int column) => (int)Long(column);

    /// <summary>A column of the row.</summary>
    public string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>A column of the row that holds a time.</summary>
    public DateTimeOffset Time(int column) => DateTimeOffset.FromUnixTimeMilliseconds(Long(column));

    /// <summary>A copy of a column of the row; empty for NULL.</summary>
    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            _bound = 0;
            throw SqliteFaults.Of(_connection, _file);
        }
    }
}
