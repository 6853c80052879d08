using System.Globalization;
using SQLitePCL;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Opens the store's file, having made sure of it.</summary>
internal static class TaskStoreFile
{
    // Before it, a reset of the write-ahead log that met a checkpoint could lose committed pages (sqlite.org/wal.html, "The WAL-Reset Bug").
    private const int LeastSqlite = 3_051_003;

    // How long the content is checked. A store of a gigabyte is read through in a few seconds; a larger one shall not keep the host from starting.
    private static readonly TimeSpan CheckBound = TimeSpan.FromSeconds(3);

    /// <summary>Opens the file for the writer: made where it is missing, checked, and its tables brought to this version.</summary>
    /// <exception cref="TaskStoreException">It cannot be used; it is left as it is.</exception>
    public static TaskConnection Open(string file, TimeProvider time, long? maxBytes)
    {
        var connection = TaskConnection.Open(file, canWrite: true);
        try
        {
            if (raw.sqlite3_libversion_number() < LeastSqlite)
            {
                throw new TaskStoreException(
                    TaskStoreFault.Incompatible,
                    $"SQLite {raw.sqlite3_libversion().utf8_to_string()} is loaded, which can lose what was stored; the task store needs 3.51.3 or "
                    + "later. Reference SQLitePCLRaw.bundle_e_sqlite3 2.1.13 or later.");
            }

            Check(connection, time);
            Configure(connection);
            Bound(connection, maxBytes);
            TaskSchema.Migrate(connection, time);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file for a reader, once <see cref="Open"/> has.</summary>
    public static TaskConnection OpenReader(string file)
    {
        var connection = TaskConnection.Open(file, canWrite: false);
        connection.Execute("PRAGMA query_only = ON");
        connection.Execute("PRAGMA cache_size = -4096"); // In KB: the index pages of a few lists.
        return connection;
    }

    private static void Check(TaskConnection connection, TimeProvider time)
    {
        var began = time.GetTimestamp();
        string? verdict = null;
        var isThrough = connection.TryWithin(
            () => time.GetElapsedTime(began) > CheckBound, () => verdict = connection.Query("PRAGMA quick_check(1)"));
        if (isThrough && verdict != "ok")
        {
            throw SqliteFaults.Corrupt(connection.File, verdict ?? "it could not be checked");
        }
    }

    private static void Bound(TaskConnection connection, long? maxBytes)
    {
        if (maxBytes is { } bytes)
        {
            var pageBytes = long.Parse(connection.Query("PRAGMA page_size")!, CultureInfo.InvariantCulture);
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, bytes / pageBytes)}"));
        }
    }

    private static void Configure(TaskConnection connection)
    {
        // Only a file with no tables yet takes this on: swept space can then be given back in steps, where VACUUM would block everyone.
        if (connection.Query("PRAGMA page_count") == "0")
        {
            connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
        }

        if (connection.Query("PRAGMA journal_mode = WAL") != "wal")
        {
            throw new TaskStoreException(
                TaskStoreFault.Unavailable,
                $"The task store '{connection.File}' lies on a file system that cannot share memory, such as a network drive. Put "
                + "DATA_DIR on a local disk.");
        }

        connection.Execute("PRAGMA synchronous = FULL"); // Each commit is on disk before anybody is notified.
        connection.Execute("PRAGMA cache_size = -32768"); // In KB: the tail of each tree that is written.
        connection.Execute("PRAGMA temp_store = MEMORY"); // Nothing here sorts more than a few rows.
        // Pages, 16 MB: fewer flushes than SQLite's 1000, and a log that is read back in a moment.
        connection.Execute("PRAGMA wal_autocheckpoint = 4000");
        // Large payloads shall not leave a large log.
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit = {64 << 20}"));
    }
}
