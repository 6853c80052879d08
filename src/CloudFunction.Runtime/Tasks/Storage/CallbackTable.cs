using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The callbacks of finished tasks. For the writer's thread alone.</summary>
internal sealed class CallbackTable(TaskConnection connection)
{
    private readonly SqliteStatement _insert = connection.Prepare(
        "INSERT INTO callback (id, task, salt, url, tries, state, due, delay) VALUES (?, ?, ?, ?, 0, "
        + $"{StoredEnum.Sql(CallbackState.Waiting)}, ?, 0)");
    private readonly SqliteStatement _settle = connection.Prepare(
        "UPDATE callback SET tries = tries + 1, state = ?, due = ?, delay = ?, reason = ? WHERE id = ? RETURNING tries");
    private readonly SqliteStatement _waiting = connection.Prepare(
        $"""
        SELECT c.id, c.task, c.salt, f.project, c.url, c.tries, c.due, c.delay
        FROM callback c CROSS JOIN task t ON t.key = c.task CROSS JOIN function f ON f.id = t.function
        WHERE c.state = {StoredEnum.Sql(CallbackState.Waiting)} ORDER BY c.due
        """);
    private readonly SqliteStatement _delete = connection.Prepare("DELETE FROM callback WHERE task = ?");

    /// <summary>Adds one that is due now.</summary>
    public Callback Insert(TaskId task, string project, string url, long now)
    {
        var callback = new Callback($"cb_{Guid.NewGuid():N}", task, project, url, 0);
        _insert.With(callback.Id).With(task.Key).With(task.Salt).With(url).With(now).Run();
        return callback;
    }

    /// <summary>Stores what a try came to.</summary>
    /// <returns>How many tries there were; null where it was deleted.</returns>
    public int? Settle(string id, CallbackSettlement settlement, long now)
    {
        var delay = (long)settlement.Delay.TotalMilliseconds;
        if (!_settle.With((long)settlement.State).With(now + delay).With(delay).With(settlement.Reason).With(id).Step())
        {
            return null;
        }

        var tries = _settle.Int(0);
        _settle.Run();
        return tries;
    }

    /// <summary>All that wait, those due first first, with how long each waits.</summary>
    public List<(Callback Callback, TimeSpan Delay)> ReadWaiting(long now)
    {
        var waiting = new List<(Callback Callback, TimeSpan Delay)>();
        while (_waiting.Step())
        {
            var callback = new Callback(
                _waiting.Text(0)!, new TaskId(_waiting.Long(1), _waiting.Long(2)), _waiting.Text(3)!, _waiting.Text(4)!, _waiting.Int(5));

            // Never longer than it was to wait at first: the clock may have been put back since.
            waiting.Add((callback, TimeSpan.FromMilliseconds(Math.Clamp(_waiting.Long(6) - now, 0, _waiting.Long(7)))));
        }

        return waiting;
    }

    /// <summary>Deletes those of a task.</summary>
    public void DeleteOf(long task) => _delete.With(task).Run();
}
