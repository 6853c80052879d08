using CloudFunction.Runtime.Tasks.Storage;

namespace TaskStore;

/// <summary>Fills a store with finished tasks by SQL: running a million of them would take longer than what is measured.</summary>
internal static class SeededStore
{
    /// <summary>When the first was made; each is a millisecond younger than the one before.</summary>
    public static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Fill(string folder, int tasks)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "tasks")).FullName, "tasks.db");
        using var connection = TaskStoreFile.Open(file, TimeProvider.System, null);
        var (first, key) = (First.ToUnixTimeMilliseconds(), TaskKeys.LowestAt(First));
        connection.Execute(
            "INSERT INTO function SELECT value + 1, 'p' || (value / 10 + 1), 'f' || (value % 10 + 1) FROM generate WHERE value < 100".Replace(
                "generate", Numbers(100), StringComparison.Ordinal));
        connection.Execute(
            $"""
            INSERT INTO task (key, salt, function, status, attempts, attempt_limit, created, updated, due, delay, cancel, max_attempts,
                result, payload)
            SELECT {key} + value * 65536, random(), value % 100 + 1, CASE WHEN value / 100 % 100 = 0 THEN 4 ELSE 3 END, 1, 3,
                {first} + value, {first} + value, {first} + value, 0, 0, 3, zeroblob(200), zeroblob(200) FROM {Numbers(tasks)}
            """);
        connection.Execute($"INSERT INTO attempt (task, number, started, ended, worker, outcome) SELECT key, 1, created, updated, 'w1', 0 FROM task");
    }

    private static string Numbers(int count) =>
        $"(WITH RECURSIVE n (value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM n LIMIT {count}) SELECT value FROM n)";
}
