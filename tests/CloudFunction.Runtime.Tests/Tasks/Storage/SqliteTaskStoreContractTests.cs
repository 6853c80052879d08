using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Storage;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

/// <summary>The store in SQLite, opened anew by each restart.</summary>
public sealed class SqliteTaskStoreContractTests : TaskStoreContract, IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private SqliteTaskStore _store;

    public SqliteTaskStoreContractTests() => _store = Open();

    private protected override ITaskStore Store => _store;

    public void Dispose()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }

    private protected override async Task RestartAsync()
    {
        await _store.DisposeAsync();
        _store = Open();
    }

    private SqliteTaskStore Open() => TaskStores.Open(_folder.Path, Time, new RecordingLogger<SqliteTaskStore>());
}
