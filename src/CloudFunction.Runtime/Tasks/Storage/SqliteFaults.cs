using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>What SQLite's result codes (sqlite.org/rescode.html) mean for people.</summary>
internal static class SqliteFaults
{
    /// <summary>The exception for what went wrong on a connection.</summary>
    public static TaskStoreException Of(sqlite3 connection, string file)
    {
        var code = raw.sqlite3_extended_errcode(connection);
        return Of(code, raw.sqlite3_errmsg(connection).utf8_to_string(), file, null);
    }

    /// <summary>The exception for one of the provider's.</summary>
    public static TaskStoreException Of(SqliteException exception, string file) => Of(exception.SqliteErrorCode, exception.Message, file, exception);

    private static TaskStoreException Of(int code, string reason, string file, Exception? inner)
    {
        // The low byte is the kind, the rest details it.
        return (code & 0xFF) switch
        {
            raw.SQLITE_FULL =>
                new(TaskStoreFault.Full, $"The task store '{file}' cannot grow: {reason}. Make room on its disk; it goes on by itself then.", inner),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(
                TaskStoreFault.Busy,
                $"The task store '{file}' is locked by another process: {reason}. End what has it open: only one host may use it.",
                inner),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Corrupt(file, reason, inner),
            raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_NOLFS =>
                new(TaskStoreFault.Unavailable, $"The task store '{file}' cannot be read or written: {reason} (SQLite code {code}). Check its disk, "
                    + "and that this user may write the file and its folder.", inner),
            _ => new(TaskStoreFault.Failed, $"The task store '{file}' failed: {reason} (SQLite code {code}).", inner),
        };
    }

    /// <summary>The exception for a file whose content is damaged.</summary>
    public static TaskStoreException Corrupt(string file, string reason, Exception? inner = null) => new(
        TaskStoreFault.Corrupt,
        $"The task store '{file}' is corrupt: {reason}. Nothing was changed. Put a backup in its place, or move it away together with its -wal and "
        + "-shm files to start with an empty store.",
        inner);
}
