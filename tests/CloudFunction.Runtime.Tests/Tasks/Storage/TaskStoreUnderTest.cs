using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

/// <summary>A store in a folder that ends with the test, and the steps of a task's life in few words.</summary>
internal sealed class TaskStoreUnderTest : IAsyncDisposable, IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly AttemptEnd Success = new(AttemptVerdict.Complete, InvocationOutcome.Succeeded);
    public static readonly AttemptEnd Failure = new(AttemptVerdict.Retry, InvocationOutcome.FunctionFailed)
    {
        Error = new("It broke.", "Shop.Broken", null),
    };

    private readonly TemporaryDirectory _folder = new();
    private readonly long? _maxBytes;
    private readonly long _anonymousBytes;

    public TaskStoreUnderTest(long? maxBytes = null, long anonymousBytes = long.MaxValue)
    {
        _maxBytes = maxBytes;
        _anonymousBytes = anonymousBytes;
        Store = Open();
    }

    public FakeTimeProvider Time { get; } = new(Start);

    public RecordingLogger<SqliteTaskStore> Logger { get; } = new();

    public SqliteTaskStore Store { get; private set; }

    /// <summary>Where bodies are held until they are stored, on the same disk.</summary>
    public HostBodies Bodies => new(new CloudFunctionOptions { DataDirectory = _folder.Path }, maxOpenFiles: 32, TimeProvider.System);

    public string Blobs => _folder.Combine("blobs");

    public string File => _folder.Combine("tasks", "tasks.db");

    public async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = Open();
    }

    /// <summary>A host that is killed: what is on disk now, seen by the next host.</summary>
    public async Task CrashAsync()
    {
        var copy = _folder.Combine("copy");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(_folder.Combine("tasks"), "tasks.db*")
            .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            System.IO.File.Copy(file, Path.Combine(copy, Path.GetFileName(file)), overwrite: true);
        }

        await Store.DisposeAsync();
        Directory.Delete(_folder.Combine("tasks"), recursive: true);
        Directory.Move(copy, _folder.Combine("tasks"));
        Store = Open();
    }

    public async Task<TaskId> AddAsync(
        string project = "shop", string function = "pay", int maxAttempts = 3, TimeSpan delay = default, byte[]? payload = null)
    {
        var task = new NewTask(project, function, payload ?? "{}"u8.ToArray(), new TaskTerms { MaxAttempts = maxAttempts }) { Delay = delay };
        return (await Store.EnqueueAsync(task, CancellationToken.None)).Id!.Value;
    }

    public async Task<IReadOnlyList<TaskId>> ClaimAsync(int max = 100) =>
        [.. (await Store.ClaimDueAsync(TestOwners.One, max)).Select(task => task.Summary.Id)];

    public Task<int?> StartAsync(TaskId id) => Store.StartAttemptAsync(id, TestOwners.One, "w1", "log1", CancellationToken.None);

    public Task<FunctionTaskStatus?> EndAsync(TaskId id, int attempt, AttemptEnd end) =>
        Store.EndAttemptAsync(id, TestOwners.One, attempt, end, CancellationToken.None);

    /// <summary>Runs a call under a key to its end.</summary>
    /// <returns>What is stored under the key then; null for nothing.</returns>
    public async Task<IdempotencyRecord?> SaveAsync(IdempotencyKey key, byte[] outcome, string? anonymousOf = null)
    {
        var reservation = await Store.ReserveAsync(key, TestOwners.One, anonymousOf, CancellationToken.None);
        return reservation.State == KeyState.Reserved
            ? await Store.SaveAsync(key, TestOwners.One, outcome, anonymousOf, CancellationToken.None)
            : reservation.Record;
    }

    /// <summary>What is stored under a key; null for nothing.</summary>
    public async Task<IdempotencyRecord?> FindAsync(IdempotencyKey key)
    {
        var reservation = await Store.ReserveAsync(key, TestOwners.One, null, CancellationToken.None);
        await Store.FreeAsync(key, TestOwners.One, CancellationToken.None);
        return reservation.Record;
    }

    /// <summary>Adds a task and runs it to its end at once.</summary>
    public async Task<TaskId> RunAsync(AttemptEnd end, string project = "shop", string function = "pay", int maxAttempts = 1, byte[]? payload = null)
    {
        var id = await AddAsync(project, function, maxAttempts, payload: payload);
        Assert.Equal([id], await ClaimAsync());
        await EndAsync(id, (await StartAsync(id))!.Value, end);
        return id;
    }

    public async Task<FunctionTask> GetAsync(TaskId id) =>
        await Store.GetAsync(id, CancellationToken.None) ?? throw new InvalidOperationException($"There is no task {id}.");

    public async Task<FunctionTaskStatus> StatusOfAsync(TaskId id) => (await GetAsync(id)).Summary.Status;

    public async Task<IReadOnlyList<TaskId>> ListAsync(TaskQuery query) =>
        [.. (await Store.ListAsync(query, CancellationToken.None)).Tasks.Select(task => task.Id)];

    /// <summary>Looks into the file, past the store.</summary>
    public long Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private SqliteTaskStore Open() => TaskStores.Open(_folder.Path, Time, Logger, _maxBytes, _anonymousBytes);
}
