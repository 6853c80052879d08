namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The states of schedules. For the writer's thread alone.</summary>
internal sealed class ScheduleTable(TaskConnection connection)
{
    private readonly SqliteStatement _all = connection.Prepare("SELECT id, state FROM schedule ORDER BY id");
    private readonly SqliteStatement _find = connection.Prepare("SELECT state FROM schedule WHERE id = ?");
    private readonly SqliteStatement _save = connection.Prepare(
        "INSERT INTO schedule (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state");
    private readonly SqliteStatement _delete = connection.Prepare("DELETE FROM schedule WHERE id = ?");

    /// <summary>All of them, by their ids.</summary>
    public List<KeyValuePair<string, byte[]>> ReadAll()
    {
        var all = new List<KeyValuePair<string, byte[]>>();
        while (_all.Step())
        {
            all.Add(new(_all.Text(0)!, _all.Blob(1)));
        }

        return all;
    }

    /// <summary>One of them; null where there is none.</summary>
    public byte[]? Find(string id)
    {
        var state = _find.With(id).Step() ? _find.Blob(0) : null;
        _find.Reset();
        return state;
    }

    /// <summary>Stores one, or deletes it, where it is as expected.</summary>
    /// <returns>Whether it was.</returns>
    public bool TrySave(string id, byte[]? expected, byte[]? state)
    {
        var stored = Find(id);
        if (stored is null || expected is null ? stored is not null || expected is not null : !stored.AsSpan().SequenceEqual(expected))
        {
            return false;
        }

        (state is null ? _delete.With(id) : _save.With(id).With(state.AsSpan())).Run();
        return true;
    }
}
