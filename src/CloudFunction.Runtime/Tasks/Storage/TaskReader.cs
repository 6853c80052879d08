using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>What is read, on a connection of its own: each call reads the file as it was at one moment. Not thread safe.</summary>
internal sealed class TaskReader : IDisposable
{
    private const string Summary =
        """
        SELECT t.key, t.salt, f.project, f.name, t.status, t.attempts, t.attempt_limit, t.created, t.updated, t.due, t.cancel,
            t.error, t.error_type, t.error_field,
            t.max_attempts, t.timeout, t.deadline, t.caller, t.traceparent, t.callback, t.schedule
        """;

    private readonly TaskConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _task;
    private readonly SqliteStatement _attempts;
    private readonly SqliteStatement _summary;
    private readonly SqliteStatement _newest;
    private readonly SqliteStatement _functions;
    private readonly SqliteStatement _keys;
    private readonly SqliteStatement _old;
    private readonly SqliteStatement _idempotency;
    private readonly ValueFiles _files;

    /// <summary>Opens the store's file.</summary>
    public TaskReader(string file, ValueFiles files)
    {
        _files = files;
        _connection = TaskStoreFile.OpenReader(file);
        _begin = _connection.Prepare("BEGIN");
        _end = _connection.Prepare("COMMIT");
        const string from = " FROM task t JOIN function f ON f.id = t.function ";
        _task = _connection.Prepare(
            Summary + ", coalesce(t.result, r.bytes), coalesce(t.payload, p.bytes), rb.id, rb.length, pb.id, pb.length" + from +
            "LEFT JOIN payload p ON p.key = t.key LEFT JOIN result r ON r.key = t.key LEFT JOIN blob rb ON rb.id = t.result_blob LEFT JOIN blob pb "
            + "ON pb.id = t.payload_blob WHERE t.key = ?");
        _attempts = _connection.Prepare(
            "SELECT number, started, ended, worker, log, outcome, error, error_type, error_field FROM attempt WHERE task = ? ORDER BY number");
        _summary = _connection.Prepare(Summary + from + "WHERE t.key = ?");
        _newest = _connection.Prepare("SELECT key FROM task WHERE key < ? ORDER BY key DESC LIMIT ?");
        _functions = _connection.Prepare("SELECT id FROM function WHERE (?1 IS NULL OR project = ?1) AND (?2 IS NULL OR name = ?2)");
        _keys = _connection.Prepare("SELECT key FROM task WHERE function = ? AND status = ? AND key > ? AND key < ? ORDER BY key DESC LIMIT ?");
        _old = _connection.Prepare(
            "SELECT key FROM task INDEXED BY task_by_function WHERE function = ? AND status = ? AND key > ? AND key < ? AND updated < ? "
            + "ORDER BY key LIMIT ?");
        _idempotency = _connection.Prepare(IdempotencyTable.Find);
    }

    /// <summary>A task with everything; null where there is none.</summary>
    public FunctionTask? Find(TaskId id) => AtOneMoment(() => Read(id));

    /// <summary>Some tasks with everything; null for each that is gone. Ends early once the payloads are many bytes.</summary>
    /// <param name="ids">In the order of the result.</param>
    /// <param name="maxPayloadBytes">Of all payloads together: the task that reaches it is the last one.</param>
    /// <param name="unknown">Gets why a task is null that is there: this host does not know what its row holds.</param>
    public List<FunctionTask?> Find(IReadOnlyList<TaskId> ids, long maxPayloadBytes, List<TaskStoreException> unknown) => AtOneMoment(() =>
    {
        var found = new List<FunctionTask?>(ids.Count);
        for (var bytes = 0L; found.Count < ids.Count && bytes < maxPayloadBytes; bytes += found[^1]?.Payload.Memory?.Length ?? 0)
        {
            found.Add(TryRead(ids[found.Count], unknown));
        }

        return found;
    });

    /// <summary>A page of tasks.</summary>
    public TaskPage List(TaskQuery query) => AtOneMoment(() =>
    {
        var keys = query is { Project: null, Function: null, Status: null } ? Newest(query) : NewestOf(query);
        var hasMore = keys.Count > query.Limit;
        var tasks = keys.Take(query.Limit).Select(ReadSummary).ToList();
        return new TaskPage(tasks, hasMore ? tasks[^1].Id : null);
    });

    /// <summary>The numbers of the functions that have tasks.</summary>
    public List<long> Functions(string? project = null, string? name = null)
    {
        var numbers = new List<long>();
        _functions.With(project).With(name);
        while (_functions.Step())
        {
            numbers.Add(_functions.Long(0));
        }

        return numbers;
    }

    /// <summary>The next keys of a function's tasks that stand somewhere final and finished before a time, the oldest first.</summary>
    public List<long> Old(long function, FunctionTaskStatus status, long after, DateTimeOffset finishedBefore, int max)
    {
        // Nothing finishes before it is made: what was made later is not even read.
        _old.With(function)
            .With((long)status)
            .With(after)
            .With(TaskKeys.LowestAt(finishedBefore))
            .With(finishedBefore.ToUnixTimeMilliseconds())
            .With(max);
        return Keys(_old);
    }

    /// <summary>What is stored under an Idempotency-Key; null where nothing is.</summary>
    public IdempotencyRecord? Find(IdempotencyKey key) => IdempotencyTable.Read(_idempotency, key, _files);

    public void Dispose() => _connection.Dispose();

    private static List<long> Keys(SqliteStatement statement)
    {
        var keys = new List<long>();
        while (statement.Step())
        {
            keys.Add(statement.Long(0));
        }

        return keys;
    }

    // One more than is asked for shows whether there is more.
    private List<long> Newest(TaskQuery query) => Keys(_newest.With(query.Before?.Key ?? long.MaxValue).With(query.Limit + 1));

    /// <summary>The newest of several ranges of the index, each of which is in order: once there are enough, only newer ones
    /// are of interest.</summary>
    private List<long> NewestOf(TaskQuery query)
    {
        var newest = new PriorityQueue<long, long>();
        var wanted = query.Limit + 1;
        FunctionTaskStatus[] statuses = query.Status is { } status ? [status] : Enum.GetValues<FunctionTaskStatus>();
        foreach (var function in Functions(query.Project, query.Function))
        {
            foreach (var each in statuses)
            {
                var oldest = newest.Count == wanted ? newest.Peek() : long.MinValue;
                foreach (var key in Keys(_keys.With(function).With((long)each).With(oldest).With(query.Before?.Key ?? long.MaxValue).With(wanted)))
                {
                    newest.Enqueue(key, key);
                    if (newest.Count > wanted)
                    {
                        newest.Dequeue();
                    }
                }
            }
        }

        return [.. newest.UnorderedItems.Select(item => item.Element).OrderDescending()];
    }

    private TaskSummary ReadSummary(long key)
    {
        _summary.With(key).Step();
        var summary = SummaryOf(_summary);
        _summary.Reset();
        return summary;
    }

    private FunctionTask? TryRead(TaskId id, List<TaskStoreException> unknown)
    {
        try
        {
            return Read(id);
        }
        catch (TaskStoreException error) when (error.Fault == TaskStoreFault.UnknownValue)
        {
            unknown.Add(error);
            return null;
        }
    }

    private FunctionTask? Read(TaskId id)
    {
        if (!_task.With(id.Key).Step())
        {
            return null;
        }

        var summary = SummaryOf(_task);
        var result = !_task.IsNull(23) ? _files.Find(_task.Long(23), _task.Long(24)) : _task.IsNull(21) ? null : new StoredValue(_task.Blob(21));
        var payload = !_task.IsNull(25) ? _files.Find(_task.Long(25), _task.Long(26)) : new StoredValue(_task.Blob(22));
        _task.Reset();
        return summary.Id == id ? new FunctionTask(summary, payload, result, summary.Attempts == 0 ? [] : ReadAttempts(id)) : null;
    }

    private List<TaskAttempt> ReadAttempts(TaskId id)
    {
        var attempts = new List<TaskAttempt>();
        _attempts.With(id.Key);
        while (_attempts.Step())
        {
            attempts.Add(new TaskAttempt(
                _attempts.Int(0),
                _attempts.Time(1),
                _attempts.IsNull(2) ? null : _attempts.Time(2),
                _attempts.Text(3),
                _attempts.Text(4),
                _attempts.IsNull(5) ? null : _attempts.Enum<InvocationOutcome>(5, id),
                _attempts.Error(6)));
        }

        return attempts;
    }

    private static TaskSummary SummaryOf(SqliteStatement row) => SummaryOf(row, new TaskId(row.Long(0), row.Long(1)));

    private static TaskSummary SummaryOf(SqliteStatement row, TaskId id) => new(
        id,
        row.Text(2)!,
        row.Text(3)!,
        row.Enum<FunctionTaskStatus>(4, id),
        row.Int(5),
        row.Int(6),
        row.Time(7),
        row.Time(8),
        row.Time(9),
        row.Long(10) != 0,
        row.Error(11),
        new TaskTerms
        {
            MaxAttempts = row.Int(14),
            Timeout = row.IsNull(15) ? null : TimeSpan.FromMilliseconds(row.Long(15)),
            Deadline = row.IsNull(16) ? null : row.Time(16),
            Caller = row.Text(17),
            TraceParent = row.Text(18),
            CallbackUrl = row.Text(19),
            Schedule = row.Text(20),
        });

    private T AtOneMoment<T>(Func<T> read)
    {
        _begin.Run();
        try
        {
            return read();
        }
        finally
        {
            _end.Run();
        }
    }
}
