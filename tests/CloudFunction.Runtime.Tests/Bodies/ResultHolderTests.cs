using System.IO.Pipelines;
using System.Text;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tests.Invocations;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Bodies;

public sealed class ResultHolderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("results-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly BodyBudget _budget = new(100, 0);
    private readonly RouterUnderTest _router = new();
    private readonly FakeWorker _worker;
    private readonly BodyBuffer _buffer;

    public ResultHolderTests()
    {
        _worker = _router.AddWorker();
        _buffer = new BodyStore(new BodyFiles(_directory, maxOpen: 4), maxMemoryBytes: 64 << 20, _time).Open(_budget, "shop");
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _router.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task AppendResult_PartsAsTheyCome_AreHeldInOrderBehindWhatIsThere()
    {
        using var result = await BeginAsync("one,", "two,", "three");
        var holder = Holder(result);

        await holder.AppendAsync("head:"u8.ToArray());
        await holder.AppendResultAsync(maxBytes: 13).AsTask().Soon("the result");

        var read = await _buffer.Complete().OpenReader().ReadAtLeastAsync(18);
        Assert.Equal("head:one,two,three", Encoding.UTF8.GetString(read.Buffer));
    }

    [Fact]
    public async Task AppendResult_LargerThanItMayBe_IsTheWorkersFault()
    {
        using var result = await BeginAsync("one,", "two,", "three");

        var broken = await Assert.ThrowsAsync<InvocationBrokenException>(
            () => Holder(result).AppendResultAsync(maxBytes: 12).AsTask().Soon("the result"));

        Assert.Equal((InvocationOutcome.ProtocolFailed, result.InvocationId), (broken.Outcome, broken.InvocationId));
        Assert.Contains("12 bytes (MAX_RESPONSE_BYTES)", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AppendResult_NoRoom_AsksForItUntilThereIs()
    {
        using var result = await BeginAsync("one,", "two");
        Assert.True(_budget.TryTake("shop", 97));
        var asked = 0;
        var holder = Holder(result, () =>
        {
            asked++;
            _budget.Release("shop", 97);
        });

        var appending = holder.AppendResultAsync(long.MaxValue).AsTask();
        Patience.Until(() => asked == 1, () => $"room was asked for {asked} times");
        await AdvanceUntilAsync(appending);

        Assert.Equal((7L, 1), (_buffer.Length, asked));
    }

    [Fact]
    public async Task AppendResult_NoRoomInTime_BreaksIt()
    {
        using var result = await BeginAsync("one,", "two");
        Assert.True(_budget.TryTake("shop", 97));

        var broken = await Assert.ThrowsAsync<InvocationBrokenException>(
            () => AdvanceUntilAsync(Holder(result).AppendResultAsync(long.MaxValue).AsTask()));

        Assert.Equal(InvocationOutcome.TimedOut, broken.Outcome);
    }

    [Fact]
    public async Task AppendResult_CancelledWhileItWaitsForRoom_IsCancelled()
    {
        using var result = await BeginAsync("one,", "two");
        using var gone = new CancellationTokenSource();
        Assert.True(_budget.TryTake("shop", 97));
        var appending = Holder(result, cancellationToken: gone.Token).AppendResultAsync(long.MaxValue).AsTask();

        await gone.CancelAsync();

        var broken = await Assert.ThrowsAsync<InvocationBrokenException>(() => appending.Soon("the result"));
        Assert.Equal(InvocationOutcome.Cancelled, broken.Outcome);
    }

    private ResultHolder Holder(InvocationResult result, Action? makeRoom = null, CancellationToken cancellationToken = default) =>
        new(result, _buffer, TimeSpan.FromSeconds(2), makeRoom, cancellationToken);

    private async Task<InvocationResult> BeginAsync(params string[] parts)
    {
        var calling = _router.InvokeAsync(PipeReader.Create(new("1"u8.ToArray())));
        var stream = _worker.NextCall().Stream;
        foreach (var part in parts[..^1])
        {
            _worker.Peer.Send(FrameType.Data, stream, Encoding.UTF8.GetBytes(part));
        }

        _worker.Answer(stream, parts[^1]);
        return await calling.Soon("the call");
    }

    private async Task AdvanceUntilAsync(Task task)
    {
        Patience.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return task.IsCompleted;
            },
            () => $"{_buffer.Length} bytes are held, {_budget.Used} are taken");
        await task;
    }
}
