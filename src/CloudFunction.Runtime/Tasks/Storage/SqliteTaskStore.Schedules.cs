namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The states of schedules.</summary>
internal sealed partial class SqliteTaskStore
{
    public async Task<IReadOnlyList<KeyValuePair<string, byte[]>>> ReadSchedulesAsync(CancellationToken cancellationToken) =>
        await Opened.Writer.WriteAsync(0, tables => tables.Schedules.ReadAll(), null, cancellationToken).ConfigureAwait(false);

    public Task<byte[]?> FindScheduleAsync(string id, CancellationToken cancellationToken) =>
        Opened.Writer.WriteAsync(0, tables => tables.Schedules.Find(id), null, cancellationToken);

    public Task<bool> TrySaveScheduleAsync(string id, byte[]? expected, byte[]? state, CancellationToken cancellationToken) =>
        Opened.Writer.WriteAsync(state?.Length ?? 0, tables => tables.Schedules.TrySave(id, expected, state), null, cancellationToken);

    public Task<bool> TryStartScheduledAsync(string id, byte[]? expected, byte[] state, NewTask task, CancellationToken cancellationToken) =>
        Opened.Writer.WriteAsync(
            state.Length + BytesOf(task.Payload),
            tables =>
            {
                var isAsExpected = tables.Schedules.TrySave(id, expected, state);
                if (isAsExpected)
                {
                    tables.Enqueue(task); // Without an Idempotency-Key it is accepted; schedules' payloads are small.
                }

                return isAsExpected;
            },
            isStarted =>
            {
                if (isStarted)
                {
                    _due.Add(new Waiting(task.Project, task.Function, task.Id!.Value, task.Delay));
                }
            },
            cancellationToken);

    public Task<TaskId> ReserveTaskIdAsync(CancellationToken cancellationToken) => Task.FromResult(Opened.Keys.Next());
}
