using System.Globalization;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// The tables, and how those of an earlier version become today's. Times and durations are whole milliseconds, times since 1970 in UTC.
/// </summary>
/// <remarks>
/// Three trees are touched for each task: its row, whose key ascends, so that it is appended; the index of lists and of sweeping; and its attempt.
/// Finished tasks stay where they are: what waits is known in memory (<see cref="DueTasks"/>), so dispatch never reads past them, and moving
/// a row would cost as much as writing it. Payloads and results of more than a few hundred bytes have tables of their own, so that a change
/// of status never writes them again, and large ones files (<see cref="ValueFiles"/>).
/// </remarks>
internal static class TaskSchema
{
    // Version n is reached by the n-th of them. A step that was released is never changed: a further one is added.
    private static readonly string[][] Steps =
    [
        [
            "CREATE TABLE function (id INTEGER PRIMARY KEY, project TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (project, name))",
            """
            CREATE TABLE task (
                key INTEGER PRIMARY KEY, salt INTEGER NOT NULL, function INTEGER NOT NULL, status INTEGER NOT NULL,
                attempts INTEGER NOT NULL, attempt_limit INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
                due INTEGER NOT NULL, delay INTEGER NOT NULL, cancel INTEGER NOT NULL,
                error TEXT, error_type TEXT, error_field TEXT,
                max_attempts INTEGER NOT NULL, timeout INTEGER, deadline INTEGER, caller TEXT, traceparent TEXT, callback TEXT, schedule TEXT,
                result BLOB, payload BLOB)
            """,
            "CREATE INDEX task_by_function ON task (function, status, key)",
            "CREATE TABLE payload (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
            "CREATE TABLE result (key INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
            """
            CREATE TABLE attempt (
                task INTEGER NOT NULL, number INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER, worker TEXT, log TEXT,
                outcome INTEGER, error TEXT, error_type TEXT, error_field TEXT, PRIMARY KEY (task, number)) WITHOUT ROWID
            """,
            """
            CREATE TABLE idempotency (
                id INTEGER PRIMARY KEY, scope BLOB NOT NULL UNIQUE, payload BLOB NOT NULL, created INTEGER NOT NULL,
                task INTEGER, salt INTEGER, outcome BLOB)
            """,
            """
            CREATE TABLE callback (
                id TEXT PRIMARY KEY, task INTEGER NOT NULL, salt INTEGER NOT NULL, url TEXT NOT NULL, tries INTEGER NOT NULL,
                state INTEGER NOT NULL, due INTEGER NOT NULL, delay INTEGER NOT NULL, reason TEXT)
            """,
            "CREATE INDEX callback_by_task ON callback (task)",
            $"CREATE INDEX callback_waiting ON callback (due) WHERE state = {StoredEnum.Sql(CallbackState.Waiting)}",
            "CREATE TABLE schedule (id TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID",
        ],
        [
            // Values beyond 64 KB lie in files; a row here for each, so that a file without one is known to be left over.
            "CREATE TABLE blob (id INTEGER PRIMARY KEY, length INTEGER NOT NULL)",
            "ALTER TABLE task ADD COLUMN payload_blob INTEGER",
            "ALTER TABLE task ADD COLUMN result_blob INTEGER",
            "ALTER TABLE idempotency ADD COLUMN outcome_blob INTEGER",

            // What callers without identity store: how many bytes each row counts with, whose they are, and their sums by
            // project, that of all under ''.
            "ALTER TABLE task ADD COLUMN anonymous INTEGER",
            "ALTER TABLE idempotency ADD COLUMN anonymous INTEGER",
            "ALTER TABLE idempotency ADD COLUMN project TEXT",
            "CREATE TABLE anonymous_use (project TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID",
        ],
    ];

    /// <summary>The version that this host writes.</summary>
    public static int Current => Steps.Length;

    /// <summary>Makes the tables, or changes them into those of this version, all in one transaction.</summary>
    /// <exception cref="TaskStoreException">A newer host wrote the file.</exception>
    public static void Migrate(TaskConnection connection, TimeProvider time)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied INTEGER NOT NULL)");
            var version = int.Parse(connection.Query("SELECT coalesce(max(version), 0) FROM schema_version")!, CultureInfo.InvariantCulture);
            if (version > Current)
            {
                throw new TaskStoreException(
                    TaskStoreFault.Incompatible,
                    $"The task store '{connection.File}' was written by a newer host (version {version} of its tables; this one knows {Current}). "
                    + "Run that host, or move the file away with its -wal and -shm files to start with an empty store.");
            }

            for (var next = version + 1; next <= Current; next++)
            {
                foreach (var statement in Steps[next - 1])
                {
                    connection.Execute(statement);
                }

                connection.Execute(string.Create(
                    CultureInfo.InvariantCulture, $"INSERT INTO schema_version VALUES ({next}, {time.GetUtcNow().ToUnixTimeMilliseconds()})"));
            }

            connection.Execute("COMMIT");
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }
}
