using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Storage;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

/// <summary>The store in SQLite, opened anew by each restart.</summary>
public sealed class SqliteScheduleStoreContractTests : ScheduleStoreContract, IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private SqliteTaskStore _store;

    public SqliteScheduleStoreContractTests() => _store = Open();

    private protected override IScheduleStore Store => _store;

    private protected override ITaskStore Tasks => _store;

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
