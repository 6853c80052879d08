using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>The store in memory keeps what the contract asks for: so the contract asks for nothing that only one implementation can do.</summary>
public sealed class MemoryTaskStoreTests : TaskStoreContract, IDisposable
{
    private readonly MemoryTaskStore _store;

    public MemoryTaskStoreTests() => _store = new MemoryTaskStore(Time);

    private protected override ITaskStore Store => _store;

    public void Dispose() => _store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private protected override Task RestartAsync()
    {
        _store.Restart();
        return Task.CompletedTask;
    }
}
