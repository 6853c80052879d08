using System.Buffers;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

/// <summary>Values beyond 64 KB, which lie in files beside the store.</summary>
public sealed class LargeValueTests : IDisposable
{
    private const int Large = NewValue.MaxRowBytes + 1;

    private readonly TaskStoreUnderTest _tasks = new();

    public void Dispose() => _tasks.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(512, 0)]
    [InlineData(513, 0)]
    [InlineData(NewValue.MaxRowBytes, 0)]
    [InlineData(Large, 2)]
    [InlineData(3 << 20, 2)]
    public async Task RunAsync_ValuesOfEachSize_ComeBackAndLieInFilesWhereTheyAreLarge(int length, int files)
    {
        var bytes = Bytes(length);

        var id = await _tasks.RunAsync(TaskStoreUnderTest.Success with { Result = bytes }, payload: bytes);
        await _tasks.CrashAsync();

        var task = await _tasks.GetAsync(id);
        Assert.Equal(bytes, (await task.Payload.ReadAllAsync(default)).ToArray());
        Assert.Equal(bytes, (await task.Result!.ReadAllAsync(default)).ToArray());
        Assert.Equal(files, Files().Length);
        Assert.Equal(files, _tasks.Scalar("SELECT count(*) FROM blob"));
        Assert.Equal(files == 0 ? (length > 512 ? 1 : 0) : 0, _tasks.Scalar("SELECT count(*) FROM payload"));
    }

    [Theory]
    [InlineData(1 << 10)]
    [InlineData(NewValue.MaxRowBytes)]
    [InlineData(200 << 10)]
    [InlineData((1 << 20) + 1)]
    [InlineData(5 << 20)]
    public async Task EnqueueAsync_ABodyThatIsHeld_IsStoredAndItsFileTakenOver(int length)
    {
        var bytes = Bytes(length);
        var budget = new BodyBudget(long.MaxValue, 0);
        TaskId id;
        using (var buffer = _tasks.Bodies.Store.Open(budget, "shop"))
        {
            for (var at = 0; at < length; at += 10_000)
            {
                Assert.True(await buffer.TryAppendAsync(new ReadOnlySequence<byte>(bytes.AsMemory(at, Math.Min(10_000, length - at))), default));
            }

            var value = new NewValue(buffer.Complete());
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(bytes), await value.HashAsync(default));
            id = (await _tasks.Store.EnqueueAsync(new NewTask("shop", "pay", value, new TaskTerms { MaxAttempts = 1 }), default)).Id!.Value;
        }

        Assert.Equal(bytes, (await (await _tasks.GetAsync(id)).Payload.ReadAllAsync(default)).ToArray());
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task SweepAsync_TasksAndAnswersAreOld_DeletesTheirFilesAndNoOthers()
    {
        await _tasks.RunAsync(TaskStoreUnderTest.Success with { Result = Bytes(Large) }, payload: Bytes(Large));
        await _tasks.SaveAsync(Key("old"), Bytes(Large));
        _tasks.Time.Advance(TimeSpan.FromDays(2));
        var young = await _tasks.RunAsync(TaskStoreUnderTest.Success with { Result = Bytes(Large) }, payload: Bytes(Large));
        await _tasks.SaveAsync(Key("young"), Bytes(Large));
        Assert.Equal(6, Files().Length);

        Assert.Equal(1, await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow() - TimeSpan.FromDays(1), default));

        Assert.Equal(3, Files().Length);
        Assert.Equal(Large, (await (await _tasks.GetAsync(young)).Payload.ReadAllAsync(default)).Length);
        Assert.Equal(Large, (await (await _tasks.FindAsync(Key("young")))!.Outcome!.ReadAllAsync(default)).Length);
    }

    [Fact]
    public async Task Open_DeletedWhileItIsRead_BreaksOff()
    {
        var bytes = Bytes(1 << 20);
        var task = await _tasks.GetAsync(await _tasks.RunAsync(TaskStoreUnderTest.Success, payload: bytes));
        using var reader = task.Payload.Open();
        var first = (await reader.ReadAsync(default)).ToArray();
        Assert.Equal(bytes[..first.Length], first);
        _tasks.Time.Advance(TimeSpan.FromDays(2));

        await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow(), default);

        await Assert.ThrowsAsync<StoredValueGoneException>(() => reader.ReadAsync(default).AsTask());
        await Assert.ThrowsAsync<StoredValueGoneException>(() => task.Payload.ReadAllAsync(default).AsTask());
    }

    [Fact]
    public async Task Open_FilesThatNoRowNames_AreDeletedAndTheOthersStay()
    {
        var id = await _tasks.AddAsync(payload: Bytes(Large));
        var stray = Path.Combine(_tasks.Blobs, "00000000000000ff.blob");
        await File.WriteAllTextAsync(stray, "of a host that was killed before it committed the row");
        var foreign = Path.Combine(_tasks.Blobs, "readme.txt");
        await File.WriteAllTextAsync(foreign, "somebody else's");

        await _tasks.ReopenAsync();

        Assert.False(File.Exists(stray));
        Assert.True(File.Exists(foreign));
        Assert.Equal(Large, (await (await _tasks.GetAsync(id)).Payload.ReadAllAsync(default)).Length);
        await _tasks.AddAsync(payload: Bytes(Large));
        Assert.Contains(Files(), file => file.EndsWith("0000000000000100.blob", StringComparison.Ordinal)); // A number is not given out again.
    }

    [Fact]
    public async Task EnqueueAsync_KeyStandsForSomething_LeavesNoFile()
    {
        NewTask Task(byte[] payload) =>
            new("shop", "pay", payload, new TaskTerms { MaxAttempts = 1 }) { IdempotencyKey = IdempotencyKey.Of("shop", "pay", null, "k", payload) };
        await _tasks.Store.EnqueueAsync(Task(Bytes(Large)), default);

        Assert.Equal(EnqueueOutcome.Duplicate, (await _tasks.Store.EnqueueAsync(Task(Bytes(Large)), default)).Outcome);
        Assert.Equal(EnqueueOutcome.Conflict, (await _tasks.Store.EnqueueAsync(Task(Bytes(Large + 1)), default)).Outcome);

        Assert.Single(Files());
    }

    [Fact]
    public async Task EndAsync_TaskIsNotCompletedAfterAll_LeavesNoFile()
    {
        var id = await _tasks.AddAsync();
        await _tasks.ClaimAsync();
        var attempt = (await _tasks.StartAsync(id))!.Value;

        Assert.Null(await _tasks.EndAsync(id, attempt + 1, TaskStoreUnderTest.Success with { Result = Bytes(Large) }));

        Assert.Empty(Files());
        Assert.Equal(FunctionTaskStatus.Completed, await _tasks.EndAsync(id, attempt, TaskStoreUnderTest.Success with { Result = Bytes(Large) }));
        Assert.Single(Files());
    }

    [Fact]
    public async Task Open_AFileIsShorterThanItWas_IsNotTakenForWhatWasStored()
    {
        var id = await _tasks.AddAsync(payload: Bytes(Large));
        await File.WriteAllBytesAsync(Assert.Single(Files()), Bytes(10));

        var payload = (await _tasks.GetAsync(id)).Payload;
        var gone = await Assert.ThrowsAsync<StoredValueGoneException>(() => payload.ReadAllAsync(default).AsTask());

        Assert.Contains("not as long as what was stored", gone.Message);
    }

    // A life of many random steps, with the store killed now and then: what a row names is there, what none names is not.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnySteps_AndCrashes_NoRowWithoutItsFileAndNoFileWithoutItsRow(int seed)
    {
        var random = new Random(seed);
        var expected = new Dictionary<TaskId, byte[]>();
        for (var step = 0; step < 60; step++)
        {
            var bytes = Bytes(random.Next(4) == 0 ? random.Next(1000) : random.Next(Large - 10, Large * 3), seed + step);
            switch (random.Next(6))
            {
                case 0:
                    expected[await _tasks.RunAsync(TaskStoreUnderTest.Success with { Result = bytes }, payload: bytes)] = bytes;
                    break;
                case 1:
                    expected[await _tasks.RunAsync(TaskStoreUnderTest.Failure with { Result = bytes }, payload: bytes)] = bytes;
                    break;
                case 2:
                    var id = await _tasks.AddAsync(payload: bytes);
                    await _tasks.Store.CancelAsync(id, default);
                    expected[id] = bytes;
                    break;
                case 3:
                    await _tasks.SaveAsync(Key($"{random.Next(10)}"), bytes);
                    break;
                case 4:
                    _tasks.Time.Advance(TimeSpan.FromHours(random.Next(24)));
                    await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow() - TimeSpan.FromHours(36), default);
                    break;
                default:
                    await File.WriteAllBytesAsync(
                        Path.Combine(Directory.CreateDirectory(_tasks.Blobs).FullName, $"{0x10000 + step:x16}.blob"), bytes);
                    await _tasks.CrashAsync();
                    break;
            }
        }

        await _tasks.CrashAsync();
        Assert.Equal(_tasks.Scalar("SELECT count(*) FROM blob"), Files().Length);
        Assert.Equal(
            _tasks.Scalar("SELECT count(*) FROM blob"),
            _tasks.Scalar("SELECT (SELECT count(payload_blob) + count(result_blob) FROM task) + (SELECT count(outcome_blob) FROM idempotency)"));
        foreach (var (id, bytes) in expected)
        {
            if (await _tasks.Store.GetAsync(id, default) is { } task)
            {
                Assert.Equal(bytes, (await task.Payload.ReadAllAsync(default)).ToArray());
            }
        }
    }

    private static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static IdempotencyKey Key(string key) => IdempotencyKey.Of("shop", "pay", null, key, "{}"u8);

    private string[] Files() => Directory.Exists(_tasks.Blobs) ? Directory.GetFiles(_tasks.Blobs, "*.blob") : [];
}
