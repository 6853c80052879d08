namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Numbers of functions, so that a task's row and the index hold a number where they would hold two names. For the
/// writer's thread alone.</summary>
internal sealed class FunctionTable(TaskConnection connection)
{
    private readonly Dictionary<(string Project, string Name), long> _known = [];
    private readonly SqliteStatement _find = connection.Prepare("SELECT id FROM function WHERE project = ? AND name = ?");
    private readonly SqliteStatement _insert = connection.Prepare("INSERT INTO function (project, name) VALUES (?, ?) RETURNING id");

    /// <summary>A function's number; given to it where it has none.</summary>
    public long NumberOf(string project, string name)
    {
        if (!_known.TryGetValue((project, name), out var number))
        {
            number = Read(_find.With(project).With(name)) ?? Read(_insert.With(project).With(name))!.Value;
            _known.Add((project, name), number);
        }

        return number;
    }

    /// <summary>Forgets what was given out in a transaction that was rolled back, and with it all the rest, which is read again.</summary>
    public void Forget() => _known.Clear();

    private static long? Read(SqliteStatement statement)
    {
        if (!statement.Step())
        {
            return null;
        }

        var number = statement.Long(0);
        statement.Reset();
        return number;
    }
}
