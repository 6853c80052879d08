using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>A store of schedules that cannot be written, or not even be read, at times.</summary>
internal sealed class UnreliableSchedules(IScheduleStore store) : IScheduleStore
{
    public bool IsDown { get; set; }

    public bool IsClosed { get; set; }

    public Task<IReadOnlyList<KeyValuePair<string, byte[]>>> ReadSchedulesAsync(CancellationToken cancellationToken) =>
        IsClosed ? Task.FromException<IReadOnlyList<KeyValuePair<string, byte[]>>>(Full()) : store.ReadSchedulesAsync(cancellationToken);

    public Task<byte[]?> FindScheduleAsync(string id, CancellationToken cancellationToken) => store.FindScheduleAsync(id, cancellationToken);

    public Task<bool> TrySaveScheduleAsync(string id, byte[]? expected, byte[]? state, CancellationToken cancellationToken) =>
        IsDown || IsClosed ? Task.FromException<bool>(Full()) : store.TrySaveScheduleAsync(id, expected, state, cancellationToken);

    public Task<bool> TryStartScheduledAsync(string id, byte[]? expected, byte[] state, NewTask task, CancellationToken cancellationToken) =>
        IsDown || IsClosed ? Task.FromException<bool>(Full()) : store.TryStartScheduledAsync(id, expected, state, task, cancellationToken);

    public Task<TaskId> ReserveTaskIdAsync(CancellationToken cancellationToken) => store.ReserveTaskIdAsync(cancellationToken);

    private static TaskStoreException Full() => new(TaskStoreFault.Full, "The disk is full.");
}
