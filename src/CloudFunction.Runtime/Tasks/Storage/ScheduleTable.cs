namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The states of schedules. For the writer's thread alone.</summary>
internal sealed class ScheduleTable(TaskConnection connection)
{
    private readonly SqliteStatement _all = connection.Prepare("SELECT id, state FROM schedule ORDER BY id");
    private readonly SqliteStatement _save = connection.Prepare("INSERT INTO schedule (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state");
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

    /// <summary>Stores one, in place of what was there.</summary>
    public void Save(string id, ReadOnlySpan<byte> state) => _save.With(id).With(state).Run();

    /// <summary>Deletes one, if it is there.</summary>
    public void Delete(string id) => _delete.With(id).Run();
}
