using System.Buffers;
using System.IO.Pipelines;
using CloudFunction.Runtime.Bodies;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Bodies;

public sealed class BodyBufferTests : IDisposable
{
    private const long MaxBytes = 8L << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("bodies-").FullName;
    private readonly BodyBudget _budget = new(MaxBytes, 0);
    private readonly BodyFiles _files;

    public BodyBufferTests() => _files = new BodyFiles(Path.Combine(_directory, "run"), maxOpen: 4);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // Sizes about those at which it goes from one piece of memory to the next, and to a file.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData((16 * 1024) + 1)]
    [InlineData(HeldBody.MaxMemoryBytes)]
    [InlineData(HeldBody.MaxMemoryBytes + 1)]
    [InlineData(3_000_000)]
    public async Task TryAppend_InPiecesOfAnySize_GivesTheSameBytes(int length)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(length + seed);
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var store = new BodyStore(_files, maxMemoryBytes: 64 << 20, TimeProvider.System);
            using (var buffer = store.Open(_budget, "p"))
            {
                for (var at = 0; at < length;)
                {
                    var size = Math.Min(length - at, random.Next(1, 200_000));
                    Assert.True(await buffer.TryAppendAsync(Split(bytes.AsMemory(at, size), random), default));
                    at += size;
                }

                var body = buffer.Complete();
                Assert.Equal((length, length > HeldBody.MaxMemoryBytes), (body.Length, body.File is not null));
                Assert.Equal(length, _budget.UsedBy("p"));
                Assert.Equal(bytes, await ReadAsync(body.OpenReader()));
                Assert.Equal(bytes, await ReadAsync(body.OpenReader())); // Any number of times.
                Assert.Equal(bytes, await ReadAsync(PipeReader.Create(new PieceStream(length, body.ReadAsync))));
                Assert.Equal(System.Security.Cryptography.SHA256.HashData(bytes), await body.HashAsync(default));
            }

            Assert.Equal((0L, 0L, 0), (_budget.Used, store.MemoryBytes, _files.Open));
        }

        Assert.Empty(Directory.Exists(Path.Combine(_directory, "run")) ? Directory.GetFiles(Path.Combine(_directory, "run")) : []);
    }

    [Fact]
    public async Task TryAppend_NoMemoryLeft_UsesAFile()
    {
        var store = new BodyStore(_files, maxMemoryBytes: 0, TimeProvider.System);
        using var buffer = store.Open(_budget, "p");

        Assert.True(await buffer.TryAppendAsync(new("abc"u8.ToArray()), default));

        Assert.NotNull(buffer.File);
        Assert.Equal("abc"u8.ToArray(), await ReadAsync(buffer.Complete().OpenReader()));
    }

    [Fact]
    public async Task TryAppend_TooManyFilesOpen_AddsNothing()
    {
        var store = new BodyStore(_files, maxMemoryBytes: 0, TimeProvider.System);
        using var first = store.Open(_budget, "p");
        using var second = store.Open(_budget, "p");
        using var third = store.Open(_budget, "p");
        Assert.True(await first.TryAppendAsync(new(new byte[10]), default));
        Assert.True(await second.TryAppendAsync(new(new byte[10]), default));

        Assert.False(await third.TryAppendAsync(new(new byte[10]), default));

        Assert.Equal((0, 20L), (third.Length, _budget.Used));
        first.Dispose();
        Assert.True(await third.TryAppendAsync(new(new byte[10]), default));
    }

    [Fact]
    public async Task TryAppend_AnotherProjectHasAllFilesItMay_StillGetsOne()
    {
        var store = new BodyStore(_files, maxMemoryBytes: 0, TimeProvider.System);
        var taken = Enumerable.Range(0, 4).Select(_ => store.Open(_budget, "greedy")).ToArray();
        foreach (var each in taken)
        {
            await each.TryAppendAsync(new(new byte[10]), default);
        }

        using var buffer = store.Open(_budget, "modest");

        Assert.True(await buffer.TryAppendAsync(new(new byte[10]), default));
        Array.ForEach(taken, each => each.Dispose());
    }

    [Fact]
    public async Task Append_RoomComesBackMeanwhile_AddsThem()
    {
        var time = new FakeTimeProvider();
        var store = new BodyStore(_files, maxMemoryBytes: 1 << 20, time);
        var budget = new BodyBudget(5, 0);
        var other = store.Open(budget, "p");
        Assert.True(await other.TryAppendAsync(new("abc"u8.ToArray()), default));
        using var buffer = store.Open(budget, "p");
        var asked = 0;

        var appending = buffer.AppendAsync(new("defg"u8.ToArray()), TimeSpan.FromSeconds(10), () => asked++, default).AsTask();
        Assert.Equal((false, 1), (appending.IsCompleted, asked));
        other.Dispose();
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await appending);
        Assert.Equal("defg"u8.ToArray(), buffer.Memory.ToArray());
    }

    [Fact]
    public async Task Append_NoRoomWithinTheTime_AddsNothing()
    {
        var time = new FakeTimeProvider();
        using var buffer = new BodyStore(_files, maxMemoryBytes: 1 << 20, time).Open(new BodyBudget(5, 0), "p");

        var appending = buffer.AppendAsync(new(new byte[6]), TimeSpan.FromSeconds(10), makeRoom: null, default).AsTask();
        while (!appending.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(await appending);
        Assert.Equal(0, buffer.Length);
        Assert.True(time.GetUtcNow() - time.Start >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task TryAppend_BeyondTheBudget_AddsNothing()
    {
        var store = new BodyStore(_files, maxMemoryBytes: 1 << 20, TimeProvider.System);
        using var buffer = store.Open(new BodyBudget(5, 0), "p");
        Assert.True(await buffer.TryAppendAsync(new("abcde"u8.ToArray()), default));

        Assert.False(await buffer.TryAppendAsync(new("f"u8.ToArray()), default));

        Assert.Equal("abcde"u8.ToArray(), buffer.Memory.ToArray());
    }

    [Fact]
    public async Task MoveTo_OfAFile_KeepsItBeyondTheBody()
    {
        var store = new BodyStore(_files, maxMemoryBytes: 0, TimeProvider.System);
        var kept = Path.Combine(_directory, "kept");
        using (var buffer = store.Open(_budget, "p"))
        {
            Assert.True(await buffer.TryAppendAsync(new("abc"u8.ToArray()), default));
            buffer.File!.MoveTo(kept);
        }

        Assert.Equal("abc", await File.ReadAllTextAsync(kept));
        Assert.Equal(0, _files.Open);
    }

    [Fact]
    public async Task Open_FilesOfAnEarlierHost_AreDeleted()
    {
        var left = Path.Combine(_directory, "run", "7.body");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        await File.WriteAllTextAsync(left, "left");
        using var buffer = new BodyStore(_files, maxMemoryBytes: 0, TimeProvider.System).Open(_budget, "p");

        Assert.True(await buffer.TryAppendAsync(new("abc"u8.ToArray()), default));

        Assert.False(File.Exists(left));
    }

    private static ReadOnlySequence<byte> Split(ReadOnlyMemory<byte> bytes, Random random)
    {
        if (bytes.Length < 2)
        {
            return new(bytes);
        }

        var at = random.Next(1, bytes.Length);
        var last = new Piece(bytes[at..], at);
        return new(new Piece(bytes[..at], 0, last), 0, last, last.Memory.Length);
    }

    private static async Task<byte[]> ReadAsync(PipeReader reader)
    {
        using var copy = new MemoryStream();
        await reader.CopyToAsync(copy);
        await reader.CompleteAsync();
        return copy.ToArray();
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index, Piece? next = null) => (Memory, RunningIndex, Next) = (memory, index, next);
    }
}
