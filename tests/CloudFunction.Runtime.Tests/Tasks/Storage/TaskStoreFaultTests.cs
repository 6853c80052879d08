using System.Diagnostics;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Storage;
using Microsoft.Data.Sqlite;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

public sealed class TaskStoreFaultTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly RecordingLogger<SqliteTaskStore> _logger = new();

    private string StoreFile => _folder.Combine("tasks", "tasks.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EnqueueAsync_FileMayNotGrow_FailsAndRecovers()
    {
        await using var tasks = new TaskStoreUnderTest(maxBytes: 4 << 20);
        var accepted = new List<TaskId>();
        var fault = await FillAsync(() => tasks.AddAsync(payload: new byte[60_000]), accepted);

        Assert.Equal(TaskStoreFault.Full, fault.Fault);
        Assert.Equal(accepted.Order(), (await tasks.ListAsync(new TaskQuery())).Order());
        await tasks.Store.CancelAsync(accepted[0], CancellationToken.None);
        tasks.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await tasks.Store.SweepAsync(tasks.Time.GetUtcNow(), CancellationToken.None));
        accepted[0] = await tasks.AddAsync(payload: new byte[50_000]);
        Assert.Equal(accepted.Order(), (await tasks.ListAsync(new TaskQuery())).Order());
    }

    [Fact]
    public async Task EnqueueAsync_OneOfManyIsTooLarge_OnlyThatOneFails()
    {
        await using var tasks = new TaskStoreUnderTest(maxBytes: 140_000); // The tables, and little more.

        var large = tasks.AddAsync(payload: new byte[NewValue.MaxRowBytes]);
        var small = Enumerable.Range(0, 50).Select(_ => tasks.AddAsync()).ToList();

        Assert.Equal(TaskStoreFault.Full, (await Assert.ThrowsAsync<TaskStoreException>(() => large)).Fault);
        Assert.Equal((await Task.WhenAll(small)).Order(), (await tasks.ListAsync(new TaskQuery())).Order());
    }

    [SkippableFact]
    public async Task EnqueueAsync_DiskIsFull_FailsAndRecovers()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "A small disk is made with tmpfs.");
        var disk = Directory.CreateDirectory(_folder.Combine("disk")).FullName;
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", "size=24m", "none", disk), "This user may not mount a small disk.");
        try
        {
            var filler = Path.Combine(disk, "filler");
            File.WriteAllBytes(filler, new byte[16 << 20]);
            var accepted = new List<TaskId>();
            await using (var store = Open(disk))
            {
                var fault = await FillAsync(async () => (await store.EnqueueAsync(TaskOf(100_000), CancellationToken.None)).Id!.Value, accepted);
                Assert.Equal(TaskStoreFault.Full, fault.Fault);
                File.Delete(filler);
                accepted.Add((await store.EnqueueAsync(TaskOf(100_000), CancellationToken.None)).Id!.Value);
            }

            await using var reopened = Open(disk);
            var listed = await reopened.ListAsync(new TaskQuery { Limit = 1000 }, CancellationToken.None);
            Assert.Equal(accepted.Order(), listed.Tasks.Select(task => task.Id).Order());
        }
        finally
        {
            Run("umount", disk);
        }
    }

    [Theory]
    [InlineData(0, "not a database")]
    [InlineData(5 * 4096, "corrupt")]
    public async Task Open_DamagedFile_IsRefusedAndKept(int at, string reason)
    {
        await using (var store = Open(_folder.Path))
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => store.EnqueueAsync(TaskOf(200), CancellationToken.None)));
        }

        using (var file = new FileStream(StoreFile, FileMode.Open))
        {
            file.Position = at;
            file.Write(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
        }

        var before = File.ReadAllBytes(StoreFile);
        var fault = Assert.Throws<TaskStoreException>(() => Open(_folder.Path));

        Assert.Equal(TaskStoreFault.Corrupt, fault.Fault);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Contains("Put a backup in its place", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(StoreFile));
    }

    [Fact]
    public async Task Open_FileOfANewerHost_IsRefusedAndKept()
    {
        await Open(_folder.Path).DisposeAsync();
        Execute("INSERT INTO schema_version VALUES (1000, 0)");

        var fault = Assert.Throws<TaskStoreException>(() => Open(_folder.Path));

        Assert.Equal(TaskStoreFault.Incompatible, fault.Fault);
        Assert.Contains("version 1000", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_EmptyFileWithNoTables_MakesThem()
    {
        _folder.Write(Path.Combine("tasks", "tasks.db"), "");

        await using var store = Open(_folder.Path);

        Assert.Equal(EnqueueOutcome.Accepted, (await store.EnqueueAsync(TaskOf(1), CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task EnqueueAsync_FileIsLocked_WaitsBoundedThenFailsAndRecovers()
    {
        await using var store = Open(_folder.Path);
        using (var other = Connect())
        using (var transaction = other.BeginTransaction(deferred: false))
        {
            var fault = await Assert.ThrowsAsync<TaskStoreException>(
                () => store.EnqueueAsync(TaskOf(1), CancellationToken.None).Soon("the wait for the lock is bounded"));
            Assert.Equal(TaskStoreFault.Busy, fault.Fault);
            Assert.Null(await store.GetAsync(default, CancellationToken.None)); // Reads go past a lock.
        }

        Assert.Equal(EnqueueOutcome.Accepted, (await store.EnqueueAsync(TaskOf(1), CancellationToken.None)).Outcome);
    }

    private static NewTask TaskOf(int bytes) => new("shop", "pay", new byte[bytes], new TaskTerms { MaxAttempts = 1 });

    private static async Task<TaskStoreException> FillAsync(Func<Task<TaskId>> add, List<TaskId> accepted)
    {
        // More than any of the small stores here holds.
        for (var i = 0; i < 1000; i++)
        {
            try
            {
                accepted.Add(await add());
            }
            catch (TaskStoreException fault)
            {
                return fault;
            }
        }

        throw new InvalidOperationException($"All {accepted.Count} tasks found room.");
    }

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private SqliteTaskStore Open(string folder) => TaskStores.Open(folder, TimeProvider.System, _logger);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={StoreFile};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
