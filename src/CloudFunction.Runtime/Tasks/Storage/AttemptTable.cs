using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The attempts. For the writer's thread alone.</summary>
internal sealed class AttemptTable(TaskConnection connection)
{
    private readonly SqliteStatement _insert = connection.Prepare("INSERT INTO attempt (task, number, started, worker, log) VALUES (?, ?, ?, ?, ?)");
    private readonly SqliteStatement _end = connection.Prepare(
        "UPDATE attempt SET ended = ?, outcome = ?, error = ?, error_type = ?, error_field = ? WHERE task = ? AND number = ?");
    private readonly SqliteStatement _delete = connection.Prepare("DELETE FROM attempt WHERE task = ?");

    /// <summary>An attempt starts.</summary>
    public void Insert(long task, int number, long now, string? worker, string? log) =>
        _insert.With(task).With(number).With(now).With(worker).With(log).Run();

    /// <summary>An attempt has ended.</summary>
    public void End(long task, int number, long now, InvocationOutcome outcome, InvocationError? error) =>
        _end.With(now).With((long)outcome).WithError(error).With(task).With(number).Run();

    /// <summary>Deletes the attempts of a task.</summary>
    public void Delete(long task) => _delete.With(task).Run();
}
