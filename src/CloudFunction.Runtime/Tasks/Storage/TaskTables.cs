using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The changes of tasks, each within the writer's transaction. For the writer's thread alone.</summary>
internal sealed class TaskTables
{
    // A longer payload or result goes to a table of its own, so that a change of status never writes it again, and some rows share a page
    // of 4 KB. One that is larger still has a file (NewValue.MaxRowBytes).
    private const int MaxInlineBytes = 512;

    private readonly TimeProvider _time;
    private readonly TaskKeys _keys;
    private readonly BlobTable _blobs;
    private readonly AnonymousUse _anonymous;
    private readonly FunctionTable _functions;
    private readonly AttemptTable _attempts;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _insertPayload;
    private readonly SqliteStatement _insertResult;
    private readonly SqliteStatement _deletePayload;
    private readonly SqliteStatement _deleteResult;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _start;
    private readonly SqliteStatement _queue;
    private readonly SqliteStatement _finish;
    private readonly SqliteStatement _requestCancel;
    private readonly SqliteStatement _names;
    private readonly SqliteStatement _project;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _freePages;
    private readonly SqliteStatement _giveBackPage;

    public TaskTables(TaskConnection connection, TaskKeys keys, ReservedKeys reserved, ValueFiles files, long anonymousBytes, TimeProvider time)
    {
        _keys = keys;
        _blobs = new BlobTable(connection);
        _anonymous = new AnonymousUse(connection, anonymousBytes);
        _time = time;
        _functions = new FunctionTable(connection);
        _attempts = new AttemptTable(connection);
        Idempotency = new IdempotencyTable(connection, files, _blobs, _anonymous, reserved);
        Schedules = new ScheduleTable(connection);
        Callbacks = new CallbackTable(connection);
        _insert = connection.Prepare(
            $"""
            INSERT INTO task (key, salt, function, status, attempts, attempt_limit, created, updated, due, delay, cancel,
                max_attempts, timeout, deadline, caller, traceparent, callback, schedule, payload, payload_blob, anonymous)
            VALUES (?1, ?2, ?3, {StoredEnum.Sql(FunctionTaskStatus.Created)}, 0, ?4, ?5, ?5, ?6, ?7, 0, ?4, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
            """);
        _insertPayload = connection.Prepare("INSERT INTO payload (key, bytes) VALUES (?, ?)");
        _insertResult = connection.Prepare("INSERT INTO result (key, bytes) VALUES (?, ?)");
        _deletePayload = connection.Prepare("DELETE FROM payload WHERE key = ?");
        _deleteResult = connection.Prepare("DELETE FROM result WHERE key = ?");
        _find = connection.Prepare(
            "SELECT status, attempts, attempt_limit, cancel, max_attempts, callback, anonymous FROM task WHERE key = ? AND salt = ?");
        _start = connection.Prepare(
            $"""
            UPDATE task SET status = {StoredEnum.Sql(FunctionTaskStatus.Running)}, attempts = attempts + 1, updated = ?
            WHERE key = ? AND salt = ? AND status IN ({StoredEnum.Sql(TaskStatusRules.Waiting)}) RETURNING attempts
            """);
        _queue = connection.Prepare(
            $"""
            UPDATE task SET status = {StoredEnum.Sql(FunctionTaskStatus.Retrying)}, attempt_limit = ?, updated = ?, due = ?, delay = ?, cancel = 0,
                error = ?, error_type = ?, error_field = ? WHERE key = ?
            """);
        _finish = connection.Prepare(
            "UPDATE task SET status = ?, updated = ?, error = ?, error_type = ?, error_field = ?, result = ?, result_blob = ?, anonymous "
            + "= ? WHERE key = ?");
        _requestCancel = connection.Prepare("UPDATE task SET cancel = 1 WHERE key = ?");
        _names = connection.Prepare("SELECT f.project, f.name FROM task t JOIN function f ON f.id = t.function WHERE t.key = ?");
        // The status and time again: a failed task may have been rerun since it was found.
        _project = connection.Prepare("SELECT project FROM function WHERE id = ?");
        _delete = connection.Prepare(
            $"""
            DELETE FROM task WHERE key = ? AND status IN ({StoredEnum.Sql(TaskStatusRules.Final)}) AND updated < ?
            RETURNING callback IS NOT NULL, payload_blob, result_blob, anonymous, function
            """);
        _freePages = connection.Prepare("PRAGMA freelist_count");
        _giveBackPage = connection.Prepare("PRAGMA incremental_vacuum");
    }

    /// <summary>What Idempotency-Keys stand for.</summary>
    public IdempotencyTable Idempotency { get; }

    /// <summary>The callbacks of finished tasks.</summary>
    public CallbackTable Callbacks { get; }

    /// <summary>The states of schedules.</summary>
    public ScheduleTable Schedules { get; }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A transaction was rolled back.</summary>
    public void Forget() => _functions.Forget();

    /// <summary>Stores a task, unless its key stands for one.</summary>
    public EnqueueResult Enqueue(NewTask task)
    {
        if (task.IdempotencyKey is { } key)
        {
            if (Idempotency.TryFind(key) is { } stored)
            {
                return stored is { IsSamePayload: true, Task: { } first } ? new(EnqueueOutcome.Duplicate, first) : new(EnqueueOutcome.Conflict, null);
            }

            if (Idempotency.IsReserved(key))
            {
                return new(EnqueueOutcome.Conflict, null); // A synchronous call has it.
            }
        }

        if (task.IsAnonymous && !_anonymous.TryTake(task.Project, task.Payload.Length))
        {
            return new(EnqueueOutcome.NoRoom, null);
        }

        var id = task.Id ?? _keys.Next();
        var now = Now;
        var (terms, delay) = (task.Terms, Milliseconds(task.Delay));
        _insert.With(id.Key)
            .With(id.Salt)
            .With(_functions.NumberOf(task.Project, task.Function))
            .With(terms.MaxAttempts)
            .With(now)
            .With(now + delay)
            .With(delay)
            .With(terms.Timeout is { } timeout ? Milliseconds(timeout) : null).With(terms.Deadline?.ToUnixTimeMilliseconds())
            .With(terms.Caller).With(terms.TraceParent).With(terms.CallbackUrl).With(terms.Schedule);
        var payload = task.Payload;
        var isInline = payload.Length <= MaxInlineBytes;
        (isInline ? _insert.With(payload.Row.Span) : _insert.WithNull()).With(_blobs.Insert(payload.File))
            .With(task.IsAnonymous ? AnonymousUse.Count(payload.Length) : null).Run();
        if (!isInline && payload.File is null)
        {
            _insertPayload.With(id.Key).With(payload.Row.Span).Run();
        }

        if (task.IdempotencyKey is { } newKey)
        {
            Idempotency.InsertTask(newKey, id, now);
        }

        return new(EnqueueOutcome.Accepted, id);
    }

    /// <summary>Starts an attempt; null where the task does not wait for one.</summary>
    public int? Start(TaskId id, string? worker, string? log)
    {
        var now = Now;
        if (!_start.With(now).With(id.Key).With(id.Salt).Step())
        {
            return null;
        }

        var number = _start.Int(0);
        _start.Run();
        _attempts.Insert(id.Key, number, now, worker, log);
        return number;
    }

    /// <summary>Ends an attempt; null where it is not the one that runs. <paramref name="callback"/> is who is to be notified that the task
    /// is finished; null: nobody, or it is not.</summary>
    public FunctionTaskStatus? End(TaskId id, int attempt, AttemptEnd end, out Callback? callback)
    {
        callback = null;
        if (Find(id) is not { Status: FunctionTaskStatus.Running } task || task.Attempts != attempt)
        {
            return null;
        }

        var limit = end.Verdict == AttemptVerdict.Requeue ? task.AttemptLimit + 1 : task.AttemptLimit;
        var (next, error) = (Next(task, limit, end.Verdict), end.Error);
        if (next == FunctionTaskStatus.Completed && task.Anonymous is not null && !_anonymous.TryTakeExactly(ProjectOf(id.Key), end.Result.Length))
        {
            (next, error) = (FunctionTaskStatus.Failed, AnonymousRefusal.Of(end.Result.Length));
        }

        _attempts.End(id.Key, attempt, Now, end.Outcome, error);
        if (next == FunctionTaskStatus.Retrying)
        {
            Queue(id.Key, limit, end.Delay, error);
        }
        else
        {
            callback = Finish(id, next, error, next == FunctionTaskStatus.Completed ? end.Result : NewValue.Empty, task);
        }

        return next;
    }

    /// <summary>Cancels a task that waits, and notes the wish on one that runs. <paramref name="callback"/> is who is to be notified that
    /// the task is finished; null: nobody, or it is not.</summary>
    public CancelOutcome Cancel(TaskId id, out Callback? callback)
    {
        callback = null;
        if (Find(id) is not { } task)
        {
            return CancelOutcome.NotFound;
        }

        if (task.Status.IsFinal())
        {
            return CancelOutcome.Finished;
        }

        if (task.Status.IsWaiting())
        {
            callback = Finish(id, FunctionTaskStatus.Cancelled, null, NewValue.Empty, task);
            return CancelOutcome.Cancelled;
        }

        _requestCancel.With(id.Key).Run();
        return CancelOutcome.Requested;
    }

    /// <summary>Has a failed task run again.</summary>
    /// <returns>What came of it, and what waits now.</returns>
    public (RerunOutcome Outcome, Waiting Task) Rerun(TaskId id)
    {
        if (Find(id) is not { } task)
        {
            return (RerunOutcome.NotFound, default);
        }

        if (task.Status != FunctionTaskStatus.Failed)
        {
            return (RerunOutcome.NotFailed, default);
        }

        Queue(id.Key, task.Attempts + task.MaxAttempts, TimeSpan.Zero, null);
        _names.With(id.Key).Step();
        var waiting = new Waiting(_names.Text(0)!, _names.Text(1)!, id, TimeSpan.Zero);
        _names.Reset();
        return (RerunOutcome.Queued, waiting);
    }

    /// <summary>Ends an attempt that was lost with whoever ran it.</summary>
    /// <returns>The task's status now; null where none ran.</returns>
    public FunctionTaskStatus? EndLost(TaskId id, AttemptEnd end, out Callback? callback)
    {
        callback = null;
        return Find(id) is { Status: FunctionTaskStatus.Running } task ? End(id, task.Attempts, end, out callback) : null;
    }

    /// <summary>Stores the outcome of a synchronous call: see <see cref="IdempotencyTable.TrySaveOutcome"/>.</summary>
    public bool TrySaveOutcome(IdempotencyKey key, Guid owner, NewValue outcome, string? anonymousOf) =>
        Idempotency.TrySaveOutcome(key, owner, outcome, anonymousOf, Now);

    /// <summary>Deletes those of some tasks that finished before a time. <paramref name="released"/> gets the files that no row names any
    /// more.</summary>
    /// <returns>How many.</returns>
    public int Delete(List<long> keys, long finishedBefore, List<long> released)
    {
        var deleted = 0;
        foreach (var key in keys)
        {
            if (_delete.With(key).With(finishedBefore).Step())
            {
                var hasCallback = _delete.Long(0) != 0;
                var (payload, result, anonymous, function) = (_delete.LongOrNull(1), _delete.LongOrNull(2), _delete.LongOrNull(3), _delete.Long(4));
                _delete.Run();
                _blobs.Delete(payload, released);
                _blobs.Delete(result, released);
                if (anonymous is { } bytes)
                {
                    _anonymous.GiveBack(ReadText(_project.With(function)), bytes);
                }

                if (hasCallback)
                {
                    Callbacks.DeleteOf(key);
                }

                _attempts.Delete(key);
                _deletePayload.With(key).Run();
                _deleteResult.With(key).Run();
                deleted++;
            }
        }

        return deleted;
    }

    /// <summary>Shortens the file by a few pages, where more are free than are to be kept.</summary>
    /// <returns>Whether there may be more to give back.</returns>
    public bool GiveBack(int pages, int kept)
    {
        _freePages.Step();
        var free = _freePages.Int(0);
        _freePages.Reset();
        if (free <= kept)
        {
            return false;
        }

        for (var given = 0; given < pages && _giveBackPage.Step(); given++)
        {
            // A row for each page.
        }

        _giveBackPage.Reset();
        return true;
    }

    private static FunctionTaskStatus Next(LiveTask task, int limit, AttemptVerdict verdict) => verdict switch
    {
        AttemptVerdict.Complete => FunctionTaskStatus.Completed,
        AttemptVerdict.Cancel => FunctionTaskStatus.Cancelled,
        _ when task.IsCancelRequested => FunctionTaskStatus.Cancelled,
        AttemptVerdict.Fail => FunctionTaskStatus.Failed,
        _ => task.Attempts < limit ? FunctionTaskStatus.Retrying : FunctionTaskStatus.Failed,
    };

    private static long Milliseconds(TimeSpan time) => Math.Max(0, (long)time.TotalMilliseconds);

    private LiveTask? Find(TaskId id)
    {
        if (!_find.With(id.Key).With(id.Salt).Step())
        {
            return null;
        }

        var task = new LiveTask(
            _find.Enum<FunctionTaskStatus>(0, id), _find.Int(1), _find.Int(2), _find.Long(3) != 0, _find.Int(4), _find.Text(5), _find.LongOrNull(6));
        _find.Reset();
        return task;
    }

    private void Queue(long key, int limit, TimeSpan delay, InvocationError? error)
    {
        var now = Now;
        _queue.With(limit).With(now).With(now + Milliseconds(delay)).With(Milliseconds(delay)).WithError(error).With(key).Run();
    }

    private Callback? Finish(TaskId id, FunctionTaskStatus status, InvocationError? error, NewValue result, LiveTask task)
    {
        var (key, now) = (id.Key, Now);
        var isCompleted = status == FunctionTaskStatus.Completed;
        var isInline = result.Length <= MaxInlineBytes;
        _finish.With((long)status).With(now).WithError(error);
        (isCompleted && isInline ? _finish.With(result.Row.Span) : _finish.WithNull()).With(_blobs.Insert(result.File))
            .With(task.Anonymous + result.Length)
            .With(key)
            .Run();
        if (!isInline && result.File is null)
        {
            _insertResult.With(key).With(result.Row.Span).Run();
        }

        return task.CallbackUrl is { } url ? Callbacks.Insert(id, ProjectOf(key), url, now) : null;
    }

    private string ProjectOf(long key) => ReadText(_names.With(key));

    private static string ReadText(SqliteStatement statement)
    {
        statement.Step();
        var text = statement.Text(0)!;
        statement.Reset();
        return text;
    }

    private readonly record struct LiveTask(
        FunctionTaskStatus Status, int Attempts, int AttemptLimit, bool IsCancelRequested, int MaxAttempts, string? CallbackUrl, long? Anonymous);
}
