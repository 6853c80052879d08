namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// How many bytes callers without identity have stored, of each project and together: sums that are kept in the transactions which change
/// them, so that they hold after any crash. For the writer's thread alone.
/// </summary>
/// <param name="connection">The writer's.</param>
/// <param name="maxBytes">ANONYMOUS_STORE_BYTES.</param>
internal sealed class AnonymousUse(TaskConnection connection, long maxBytes)
{
    // What a row takes beside its payload and result, with its attempts: else any number of empty ones would count for nothing.
    private const int RowBytes = 512;

    // Of the bytes that all projects have together, one gets a quarter: a flood on one leaves room for the others.
    private const int Shares = 4;

    // The sum of all: no project has no name.
    private const string All = "";

    private readonly SqliteStatement _find = connection.Prepare(
        """
        SELECT coalesce(max(CASE WHEN project = ?1 THEN bytes END), 0), coalesce(max(CASE WHEN project = '' THEN bytes END), 0)
        FROM anonymous_use WHERE project IN (?1, '')
        """);
    private readonly SqliteStatement _add = connection.Prepare(
        "INSERT INTO anonymous_use (project, bytes) VALUES (?1, ?2) ON CONFLICT (project) DO UPDATE SET bytes = bytes + ?2");
    private readonly SqliteStatement _clear = connection.Prepare("DELETE FROM anonymous_use WHERE project = ? AND bytes <= 0");

    /// <summary>With what a row counts that has a value of that length.</summary>
    public static long Count(long length) => length + RowBytes;

    /// <summary>Whether there is room for anything more of a project.</summary>
    public bool HasRoom(string project) => Fits(project, Count(0));

    /// <summary>Takes room for a row with a value of that length.</summary>
    /// <returns>Whether there was some.</returns>
    public bool TryTake(string project, long length) => TryTakeExactly(project, Count(length));

    /// <summary>Takes room for more bytes of a row.</summary>
    /// <returns>Whether there was some.</returns>
    public bool TryTakeExactly(string project, long bytes)
    {
        if (!Fits(project, bytes))
        {
            return false;
        }

        Add(project, bytes);
        return true;
    }

    /// <summary>Gives room back.</summary>
    public void GiveBack(string project, long bytes)
    {
        Add(project, -bytes);
        _clear.With(project).Run();
    }

    private bool Fits(string project, long bytes)
    {
        _find.With(project).Step();
        var (own, all) = (_find.Long(0), _find.Long(1));
        _find.Reset();
        return own + bytes <= maxBytes / Shares && all + bytes <= maxBytes;
    }

    private void Add(string project, long bytes)
    {
        _add.With(project).With(bytes).Run();
        _add.With(All).With(bytes).Run();
    }
}
