using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tests.Invocations;

public sealed class StreamedResultTests : IDisposable
{
    private readonly RouterUnderTest _router = new();
    private readonly FakeWorker _worker;

    public StreamedResultTests() => _worker = _router.AddWorker();

    public void Dispose() => _router.Dispose();

    [Fact]
    public async Task Read_PartsAsTheyCome_UntilTheLast()
    {
        var (result, stream) = await BeginAsync("one");
        var reading = result.ReadAsync().AsTask();
        Assert.False(reading.IsCompleted);
        _worker.Peer.Send(FrameType.Data, stream, default); // Nothing to read: it wakes nobody.
        _worker.Peer.Send(FrameType.Data, stream, "two"u8);
        await reading.Soon("the second part");
        Assert.Equal(("two", false), (RouterUnderTest.TextOf(result), result.IsComplete));
        _worker.Answer(stream, "three");
        await result.ReadAsync().AsTask().Soon("the last part");
        Assert.Equal(("three", true), (RouterUnderTest.TextOf(result), result.IsComplete));
        result.Dispose();
        _router.AssertIdle();
    }

    [Fact]
    public async Task Read_SlowCaller_GrantsCreditOnlyForWhatWasRead()
    {
        var (result, stream) = await BeginAsync(new string('a', 30_000));
        _worker.Peer.Send(FrameType.Data, stream, new byte[30_000]);
        _worker.Peer.Send(FrameType.Ping, 0, new byte[8]);
        Assert.Equal(FrameType.Pong, _worker.Peer.Next().Type); // And no credit before it.
        await result.ReadAsync();
        _worker.Peer.Send(FrameType.Data, stream, "x"u8);
        await result.ReadAsync();
        Assert.Equal(60_000, BitConverter.ToInt32(_worker.Peer.Next(FrameType.Credit).Payload));
        result.Dispose();
        _worker.Fail(stream, FailureCode.Cancelled);
        _router.AssertIdle();
    }

    [Fact]
    public async Task Read_WorkerLostInTheMiddle_ThrowsAndNeverLooksWhole()
    {
        var (result, _) = await BeginAsync("one");
        _worker.Peer.Dispose();
        await _worker.Connection.Ended.Soon("the connection");
        Assert.Equal((InvocationOutcome.Succeeded, false), (result.Outcome, result.IsComplete));
        var thrown = await Assert.ThrowsAsync<InvocationBrokenException>(() => result.ReadAsync().AsTask().Soon("the next part"));
        Assert.Equal((InvocationOutcome.WorkerLost, result.InvocationId), (thrown.Outcome, thrown.InvocationId));
        Assert.False(result.IsComplete);
        result.Dispose();
        _router.AssertIdle();
    }

    [Fact]
    public async Task Read_WorkerLostWhileTheCallerWaits_Throws()
    {
        var (result, _) = await BeginAsync("one");
        var reading = result.ReadAsync().AsTask();
        _worker.Peer.Dispose();
        await Assert.ThrowsAsync<InvocationBrokenException>(() => reading.Soon("the next part"));
        result.Dispose();
        _router.AssertIdle();
    }

    [Fact]
    public async Task Read_TimeoutInTheMiddleAndALateEnd_NeverLooksWhole()
    {
        var (result, stream) = await BeginAsync("one");
        _router.Clock.Advance(TimeSpan.FromSeconds(11));
        _worker.Peer.Next(FrameType.Cancel);
        _worker.Answer(stream, "the rest");
        _router.AssertIdle();
        Assert.False(result.IsComplete);
        var thrown = await Assert.ThrowsAsync<InvocationBrokenException>(() => result.ReadAsync().AsTask().Soon("the next part"));
        Assert.Equal(InvocationOutcome.TimedOut, thrown.Outcome);
        result.Dispose();
    }

    [Fact]
    public async Task Read_PartsThatCameBeforeTheLoss_AreStillThere()
    {
        var (result, stream) = await BeginAsync("one");
        _worker.Peer.Send(FrameType.Data, stream, "two"u8);
        _worker.Peer.Dispose();
        await _worker.Connection.Ended.Soon("the connection");
        await result.ReadAsync();
        Assert.Equal(("two", false), (RouterUnderTest.TextOf(result), result.IsComplete));
        await Assert.ThrowsAsync<InvocationBrokenException>(() => result.ReadAsync().AsTask());
        result.Dispose();
    }

    [Theory]
    [InlineData(FrameType.Data)]
    [InlineData(FrameType.End)]
    public async Task Read_WorkerOverrunsItsCredit_BreaksTheResultAndHoldsNothing(object last)
    {
        var (result, stream) = await BeginAsync(new string('a', CreditWindows.StreamBytes));
        _worker.Peer.Send((FrameType)last, stream, "1"u8);
        Assert.Equal(ConnectionEndReason.ProtocolError, (await _worker.Connection.Ended.Soon("the connection")).Reason);
        var thrown = await Assert.ThrowsAsync<InvocationBrokenException>(() => result.ReadAsync().AsTask().Soon("the next part"));
        Assert.Equal(InvocationOutcome.ProtocolFailed, thrown.Outcome);
        result.Dispose();
        _router.AssertIdle();
    }

    [Fact]
    public async Task Dispose_Early_CancelsTheCallAndGivesTheCreditBack()
    {
        // Together far more than the connection's credit.
        for (var i = 0; i < 600; i++)
        {
            var (result, stream) = await BeginAsync(new string('a', CreditWindows.StreamBytes / 2));
            _worker.Peer.Send(FrameType.Data, stream, new byte[CreditWindows.StreamBytes / 4]);
            result.Dispose();
            Assert.Equal(stream, _worker.Peer.Next(FrameType.Cancel).StreamId);
            _worker.Peer.Send(FrameType.Data, stream, new byte[CreditWindows.StreamBytes / 4]);
            _worker.Fail(stream, FailureCode.Cancelled);
        }

        _router.AssertIdle();
        Assert.False(_worker.Connection.Ended.IsCompleted);
    }

    [Fact]
    public async Task CutCalls_WhileAResultComes_BreaksItAsRejected()
    {
        var (result, stream) = await BeginAsync("one");
        _worker.Connection.CutCalls();
        var thrown = await Assert.ThrowsAsync<InvocationBrokenException>(() => result.ReadAsync().AsTask().Soon("the next part"));
        Assert.Equal(InvocationOutcome.Rejected, thrown.Outcome);
        result.Dispose();
        _worker.Fail(stream, FailureCode.Cancelled);
        _router.AssertIdle();
    }

    private async Task<(InvocationResult Result, uint Stream)> BeginAsync(string firstPart)
    {
        var calling = _router.InvokeAsync();
        var stream = _worker.NextCall().Stream;
        _worker.Peer.Send(FrameType.Data, stream, System.Text.Encoding.ASCII.GetBytes(firstPart));
        var result = await calling.Soon("the beginning of the result");
        Assert.Equal((InvocationOutcome.Succeeded, firstPart.Length), (result.Outcome, result.Payload.Length));
        return (result, stream);
    }
}
