namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>A change that answers its caller once it is on disk.</summary>
/// <param name="bytes">What it takes of the <see cref="WriteBudget"/>.</param>
/// <param name="apply">Makes it, in the writer's transaction.</param>
/// <param name="committed">What follows from it in memory, before the caller is notified.</param>
internal sealed class Write<T>(long bytes, Func<TaskTables, T> apply, Action<T>? committed) : IWrite
{
    // What a waiting change costs beside its payload: itself, its caller's state machine and its place in lists.
    private const int Overhead = 1024;

    // The caller goes on elsewhere: the writer's thread is the store's alone.
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _applied;

    /// <summary>The answer; fails with a <see cref="TaskStoreException"/>.</summary>
    public Task<T> Answer => _answer.Task;

    public long Bytes => bytes + Overhead;

    public void Apply(TaskTables tables) => _applied = apply(tables);

    public void Committed()
    {
        committed?.Invoke(_applied!);
        _answer.SetResult(_applied!);
    }

    public void Failed(Exception reason) => _answer.SetException(reason);
}
