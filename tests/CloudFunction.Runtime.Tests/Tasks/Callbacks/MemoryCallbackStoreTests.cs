using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

/// <summary>The store that the queue is tested with keeps what the contract says, else those tests would prove nothing.</summary>
public sealed class MemoryCallbackStoreTests : CallbackStoreContract
{
    private readonly MemoryCallbackStore _store;

    public MemoryCallbackStoreTests() => _store = new MemoryCallbackStore(Time);

    private protected override ICallbackStore Store => _store;

    private protected override Task AddAsync(string url, string project)
    {
        _store.Add(url, project);
        return Task.CompletedTask;
    }

    private protected override Task DeleteAsync(Callback callback)
    {
        _store.Delete(callback);
        return Task.CompletedTask;
    }

    private protected override Task RestartAsync()
    {
        _store.Restart();
        return Task.CompletedTask;
    }
}
