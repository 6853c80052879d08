using System.Globalization;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Takes up what an earlier host left: what ran waits again with its attempt counted, or fails after its last one, and what waits
/// is known again.</summary>
internal static class TaskRecovery
{
    /// <summary>How an attempt ends whose host is gone.</summary>
    public static readonly AttemptEnd HostEnded = new(AttemptVerdict.Retry, InvocationOutcome.WorkerLost)
    {
        Error = new InvocationError("The host ended while this attempt ran."),
    };

    /// <summary>The highest key that was given out.</summary>
    public static long LastKey(TaskConnection connection) =>
        long.Parse(connection.Query("SELECT coalesce(max(key), 0) FROM task")!, CultureInfo.InvariantCulture);

    /// <summary>Ends what runs.</summary>
    /// <returns>How many attempts were cut.</returns>
    public static int EndRunning(TaskConnection connection, TaskTables tables)
    {
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            var running = Running(connection);
            foreach (var (id, attempt) in running)
            {
                tables.End(id, attempt, HostEnded, out _);
            }

            connection.Execute("COMMIT");
            return running.Count;
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    /// <summary>Gives <paramref name="due"/> and <paramref name="callbacks"/> all that waits. To be called once.</summary>
    /// <returns>How many tasks wait.</returns>
    public static int AddWaiting(TaskConnection connection, TaskTables tables, DueTasks due, DueCallbacks callbacks, DateTimeOffset now)
    {
        var waiting = AddWaiting(connection, due, now.ToUnixTimeMilliseconds());
        foreach (var (callback, delay) in tables.Callbacks.ReadWaiting(now.ToUnixTimeMilliseconds()))
        {
            callbacks.Add(callback, delay);
        }

        return waiting;
    }

    private static List<(TaskId Id, int Attempt)> Running(TaskConnection connection)
    {
        var running = new List<(TaskId, int)>();
        // Over the functions, so that the index is used: a million finished tasks are not read.
        var statement = connection.Prepare(
            $"""
            SELECT t.key, t.salt, t.attempts
            FROM function f CROSS JOIN task t ON t.function = f.id AND t.status = {StoredEnum.Sql(FunctionTaskStatus.Running)}
            """);
        while (statement.Step())
        {
            running.Add((new TaskId(statement.Long(0), statement.Long(1)), statement.Int(2)));
        }

        return running;
    }

    private static int AddWaiting(TaskConnection connection, DueTasks due, long now)
    {
        var count = 0;
        var statement = connection.Prepare(
            $"""
            SELECT f.project, f.name, t.key, t.salt, t.due, t.delay
            FROM function f CROSS JOIN task t ON t.function = f.id AND t.status IN ({StoredEnum.Sql(TaskStatusRules.Waiting)})
            """);
        while (statement.Step())
        {
            // Never longer than it was to wait at first: the clock may have been put back since.
            var remaining = Math.Clamp(statement.Long(4) - now, 0, statement.Long(5));
            due.Add(new Waiting(
                statement.Text(0)!, statement.Text(1)!, new TaskId(statement.Long(2), statement.Long(3)), TimeSpan.FromMilliseconds(remaining)));
            count++;
        }

        return count;
    }
}
