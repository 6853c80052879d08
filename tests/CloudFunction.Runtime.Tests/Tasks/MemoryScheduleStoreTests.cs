using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>The store in memory keeps what the contract asks for: so the contract asks for nothing that only one implementation can do.</summary>
public sealed class MemoryScheduleStoreTests : ScheduleStoreContract, IDisposable
{
    private readonly MemoryTaskStore _store;

    public MemoryScheduleStoreTests() => _store = new MemoryTaskStore(Time);

    private protected override IScheduleStore Store => _store;

    private protected override ITaskStore Tasks => _store;

    public void Dispose() => _store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private protected override Task RestartAsync()
    {
        _store.Restart();
        return Task.CompletedTask;
    }
}
