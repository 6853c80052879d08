using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;
using CloudFunction.Runtime.Tasks.Storage;
using CloudFunction.Runtime.Tests.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

/// <summary>Callbacks in the task store's file, each added by the end of its task.</summary>
public sealed class SqliteCallbackStoreTests : CallbackStoreContract, IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private SqliteTaskStore _store;

    public SqliteCallbackStoreTests() => _store = Open();

    private protected override ICallbackStore Store => _store;

    [Fact]
    public async Task CancelAsync_TaskWaitsAndHasACallback_IsTold()
    {
        var id = await EnqueueAsync("http://a.example/");
        await _store.CancelAsync(id, default);

        Assert.Equal(id, Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 10, 10, default)).Task);
    }

    [Fact]
    public async Task Open_TaskRanItsLastAttemptWhenTheHostEnded_IsTold()
    {
        var id = await EnqueueAsync("http://a.example/");
        await _store.ClaimDueAsync(TestOwners.One, 1);
        await _store.StartAttemptAsync(id, TestOwners.One, null, null, default);
        await RestartAsync();

        Assert.Equal(id, Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 10, 10, default)).Task);
    }

    [Fact]
    public async Task RerunAsync_AndItEndsAgain_IsToldByAnotherId()
    {
        var id = await EnqueueAsync("http://a.example/");
        await RunAsync(TaskStoreUnderTest.Failure);
        await _store.RerunAsync(id, default);
        await RunAsync(TaskStoreUnderTest.Success);

        var told = await Store.ClaimDueAsync(TestOwners.One, 10, 10, default);
        Assert.Equal([id, id], told.Select(callback => callback.Task));
        Assert.NotEqual(told[0].Id, told[1].Id);
    }

    public void Dispose()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }

    private protected override async Task AddAsync(string url, string project)
    {
        await EnqueueAsync(url, project);
        await RunAsync(TaskStoreUnderTest.Success);
    }

    private protected override async Task DeleteAsync(Callback callback) =>
        Assert.Equal(1, await _store.SweepAsync(Time.GetUtcNow().AddDays(1), default));

    private protected override async Task RestartAsync()
    {
        await _store.DisposeAsync();
        _store = Open();
    }

    private async Task<TaskId> EnqueueAsync(string url, string project = "shop") =>
        (await _store.EnqueueAsync(
            new NewTask(project, "pay", "{}"u8.ToArray(), new TaskTerms { MaxAttempts = 1, CallbackUrl = url }), default)).Id!.Value;

    private async Task RunAsync(AttemptEnd end)
    {
        var task = Assert.Single(await _store.ClaimDueAsync(TestOwners.One, 1));
        var attempt = await _store.StartAttemptAsync(task.Summary.Id, TestOwners.One, null, null, default);
        await _store.EndAttemptAsync(task.Summary.Id, TestOwners.One, attempt!.Value, end, default);
    }

    private SqliteTaskStore Open() => TaskStores.Open(_folder.Path, Time, new RecordingLogger<SqliteTaskStore>());
}
