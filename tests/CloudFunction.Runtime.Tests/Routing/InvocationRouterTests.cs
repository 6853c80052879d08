using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tests.Invocations;

namespace CloudFunction.Runtime.Tests.Routing;

public sealed class InvocationRouterTests : IDisposable
{
    private readonly RouterUnderTest _router = new();

    public void Dispose() => _router.Dispose();

    [Theory]
    [InlineData("nobody", "greet", RejectionReason.ProjectNotFound)]
    [InlineData("shop", "nothing", RejectionReason.FunctionNotFound)]
    public async Task Invoke_UnknownName_IsNotFound(string project, string function, object reason)
    {
        using var result = await _router.Router.InvokeAsync(project, function, new InvocationRequest(PipeReader.Create(Stream.Null)), default);
        Assert.Equal((InvocationOutcome.NotFound, (RejectionReason)reason), (result.Outcome, result.Reason));
    }

    // The gate of a divided project is open for the other version: no place was taken, and none may be given back.
    [Fact]
    public void TryReserve_TheOnlyVersionWithTheFunctionIsUnhealthy_GivesNoPlace()
    {
        using var under = new RouterUnderTest();
        under.Publish(isSplit: true);
        under.Pool.Unhealthy = Rejection.Failed("It crashed too often.");

        Assert.False(under.Router.TryReserve("shop", "greet", static () => { }, out var route));

        Assert.Equal((null, 0), (route, under.Gate.Running));
        under.Pool.Unhealthy = null;
        Assert.True(under.Router.TryReserve("shop", "greet", static () => { }, out route));
        Assert.Equal(1, under.Gate.Running);
        route!.Exit();
        under.AssertIdle();
    }

    [Fact]
    public async Task Invoke_ProjectStopped_IsRejectedWithTheReason()
    {
        _router.Gate.Close(new Rejection(RejectionReason.ProjectStopped, "stopped"));
        using var result = await _router.InvokeAsync();
        Assert.Equal((InvocationOutcome.Rejected, RejectionReason.ProjectStopped, "stopped"), (result.Outcome, result.Reason, result.Error!.Message));
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_Unary_ReachesTheWorkerAndComesBack()
    {
        var worker = _router.AddWorker();
        var calling = _router.InvokeAsync("{\"a\":1}");
        var call = worker.NextCall();
        Assert.Equal((3, "{\"a\":1}", true, 10_000), (call.Header.Function, call.Payload, call.Whole, call.Header.RemainingMilliseconds));
        worker.Answer(call.Stream, "\"hi\"");
        using (var result = await calling.Soon("the call"))
        {
            Assert.Equal((InvocationOutcome.Succeeded, "\"hi\"", true), (result.Outcome, RouterUnderTest.TextOf(result), result.IsComplete));
            Assert.Equal(InvocationId.Format(call.Header.InvocationId), result.InvocationId);
        }

        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_QueueFull_IsRejected()
    {
        using var router = new RouterUnderTest(limit: 1, maxQueue: 1);
        var worker = router.AddWorker();
        var first = router.InvokeAsync();
        var second = router.InvokeAsync();
        using (var third = await router.InvokeAsync().Soon("the third call"))
        {
            Assert.Equal(RejectionReason.QueueFull, third.Reason);
        }

        worker.Answer(worker.NextCall().Stream, "1");
        (await first.Soon("the first call")).Dispose();
        worker.Answer(worker.NextCall().Stream, "2");
        using var result = await second.Soon("the second call");
        Assert.Equal("2", RouterUnderTest.TextOf(result));
        router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_NoWorkerYet_WaitsForOne()
    {
        _router.Gate.Hold();
        var calling = _router.InvokeAsync();
        Patience.Until(() => _router.Gate.Waiting == 1, () => $"{_router.Gate.Waiting} wait");
        var worker = _router.AddWorker();
        worker.Answer(worker.NextCall().Stream, "1");
        using var result = await calling.Soon("the call");
        Assert.Equal(InvocationOutcome.Succeeded, result.Outcome);
    }

    [Theory]
    [InlineData(false, "Starting")]
    [InlineData(true, "WaitTooLong")]
    public async Task Invoke_NoWorkerInTime_IsRejectedAsStartingUntilTheProjectHasServed(bool hasServed, string reason)
    {
        if (hasServed)
        {
            _router.Gate.Open();
        }

        _router.Gate.Hold();
        var calling = _router.InvokeAsync();
        _router.Clock.Advance(TimeSpan.FromSeconds(31));
        using var result = await calling.Soon("the call");
        Assert.Equal((InvocationOutcome.Rejected, reason), (result.Outcome, result.Reason.ToString()));
        Assert.Equal(!hasServed, result.Rejection!.Id is not null);
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_ProjectDoesNotLoad_IsRejectedWithTheCauseApart()
    {
        _router.Gate.Close(Rejection.Failed("Password=hunter2"));

        using var result = await _router.InvokeAsync();

        Assert.Equal((RejectionReason.Failed, "Password=hunter2"), (result.Reason, result.Rejection!.Cause));
        Assert.DoesNotContain("hunter2", result.Error!.Message, StringComparison.Ordinal);
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_GateOpenButNoWorkerTakesIt_GoesToTheNextOne()
    {
        var refusing = _router.AddWorker();
        refusing.Connection.Refuse();
        var calling = _router.InvokeAsync();
        _router.Pool.Members.Clear();
        var worker = _router.AddWorker();
        Patience.Until(
            () =>
            {
                _router.Clock.Advance(TimeSpan.FromMilliseconds(1));
                return worker.Connection.InFlight == 1;
            },
            () => $"{_router.Gate.Running} run, {_router.Gate.Waiting} wait");
        worker.Answer(worker.NextCall().Stream, "1");
        using var result = await calling.Soon("the call");
        Assert.Equal(InvocationOutcome.Succeeded, result.Outcome);
    }

    [Fact]
    public async Task Invoke_GateOpenAndNoWorkerEverTakesIt_EndsAndHoldsNothing()
    {
        _router.AddWorker().Connection.Refuse();
        var calling = _router.InvokeAsync();
        Patience.Until(
            () =>
            {
                _router.Clock.Advance(TimeSpan.FromSeconds(1));
                return calling.IsCompleted;
            },
            () => $"{_router.Gate.Running} run, {_router.Gate.Waiting} wait");
        using var result = await calling;
        Assert.Equal(RejectionReason.WaitTooLong, result.Reason);
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_CancelledWhileNoWorkerTakesIt_IsAnOutcomeAndNoException()
    {
        _router.AddWorker().Connection.Refuse();
        using var gone = new CancellationTokenSource();
        var calling = _router.InvokeAsync(cancellationToken: gone.Token);
        Assert.False(calling.IsCompleted);
        await gone.CancelAsync();
        using var result = await calling.Soon("the call");
        Assert.Equal(InvocationOutcome.Cancelled, result.Outcome);
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_FunctionAtItsLimit_WaitsAndHoldsNoPlaceOfTheProject()
    {
        using var router = new RouterUnderTest(functionLimit: 1);
        var worker = router.AddWorker();
        var first = router.InvokeAsync();
        var second = router.InvokeAsync();
        Patience.Until(() => router.FunctionGate!.Waiting == 1, () => $"{router.FunctionGate!.Waiting} wait");
        Assert.Equal(1, router.Gate.Running);
        worker.Answer(worker.NextCall().Stream, "1");
        (await first.Soon("the first call")).Dispose();
        worker.Answer(worker.NextCall().Stream, "2");
        (await second.Soon("the second call")).Dispose();
        router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_Timeout_IsToldAtOnceAndTheLateAnswerIsNobodys()
    {
        var worker = _router.AddWorker();
        var late = _router.InvokeAsync();
        var lateCall = worker.NextCall();
        _router.Clock.Advance(TimeSpan.FromSeconds(11));
        using (var result = await late.Soon("the call that takes too long"))
        {
            Assert.Equal(InvocationOutcome.TimedOut, result.Outcome);
        }

        Assert.Equal(lateCall.Stream, worker.Peer.Next(FrameType.Cancel).StreamId);
        Assert.Equal(1, _router.Gate.Running); // The worker still runs it.

        var next = _router.InvokeAsync();
        var nextCall = worker.NextCall();
        Assert.NotEqual(lateCall.Stream, nextCall.Stream);
        worker.Answer(lateCall.Stream, "\"late\"");
        worker.Answer(nextCall.Stream, "\"next\"");
        using (var result = await next.Soon("the next call"))
        {
            Assert.Equal("\"next\"", RouterUnderTest.TextOf(result));
        }

        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_CallerCancels_IsToldAndTheWorkerToo()
    {
        var worker = _router.AddWorker();
        using var gone = new CancellationTokenSource();
        var calling = _router.InvokeAsync(cancellationToken: gone.Token);
        var call = worker.NextCall();
        await gone.CancelAsync();
        using (var result = await calling.Soon("the call"))
        {
            Assert.Equal(InvocationOutcome.Cancelled, result.Outcome);
        }

        Assert.Equal(call.Stream, worker.Peer.Next(FrameType.Cancel).StreamId);
        worker.Fail(call.Stream, FailureCode.Cancelled);
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_IgnoredToken_IsReportedAsStuckOnce()
    {
        var worker = _router.AddWorker();
        var calling = _router.InvokeAsync();
        worker.NextCall();
        _router.Clock.Advance(TimeSpan.FromSeconds(11));
        (await calling.Soon("the call")).Dispose();
        worker.Connection.EndOverdue(_router.Clock.GetTimestamp());
        Assert.DoesNotContain("stuck", worker.Events);
        _router.Clock.Advance(TimeSpan.FromSeconds(3));
        worker.Connection.EndOverdue(_router.Clock.GetTimestamp());
        worker.Connection.EndOverdue(_router.Clock.GetTimestamp());
        Patience.Until(() => worker.Events.Contains("stuck"), () => string.Join("; ", worker.Events));
        Assert.Single(worker.Events, "stuck");
    }

    [Fact]
    public async Task Invoke_DebuggerHoldsTheWorker_HasNoTimeLimitUntilItLetsGo()
    {
        var worker = _router.AddWorker();
        worker.Debugged = true;
        var calling = _router.InvokeAsync();
        worker.NextCall();
        _router.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True(worker.Connection.EndOverdue(_router.Clock.GetTimestamp()));
        Assert.False(calling.IsCompleted);

        worker.Debugged = false;
        worker.Connection.EndOverdue(_router.Clock.GetTimestamp());

        using var result = await calling.Soon("the call");
        Assert.Equal(InvocationOutcome.TimedOut, result.Outcome);
    }

    [Theory]
    [InlineData(FailureCode.FunctionFailed, InvocationOutcome.FunctionFailed)]
    [InlineData(FailureCode.InvalidPayload, InvocationOutcome.InvalidPayload)]
    [InlineData(FailureCode.Cancelled, InvocationOutcome.Cancelled)]
    [InlineData(FailureCode.Draining, InvocationOutcome.Rejected)]
    public async Task Invoke_WorkerSaysWhyItFailed_IsTheOutcome(object code, object outcome)
    {
        var worker = _router.AddWorker();
        var calling = _router.InvokeAsync();
        worker.Fail(worker.NextCall().Stream, (FailureCode)code, "because");
        using var result = await calling.Soon("the call");
        Assert.Equal(((InvocationOutcome)outcome, "because"), (result.Outcome, result.Error!.Message));
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_WorkerLost_EndsAllItsCalls()
    {
        var worker = _router.AddWorker();
        var calls = Enumerable.Range(0, 20).Select(_ => _router.InvokeAsync()).ToArray();
        worker.NextCall();
        worker.Peer.Dispose();
        foreach (var call in calls)
        {
            using var result = await call.Soon("a call of the lost worker");
            Assert.Equal(InvocationOutcome.WorkerLost, result.Outcome);
        }

        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_LargeBodyInParts_ArrivesInOrderWithinItsCredit()
    {
        var worker = _router.AddWorker();
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i},")));
        var body = new Pipe();
        var calling = _router.InvokeAsync(body.Reader);
        var writing = WriteAsync(body.Writer, bytes);
        var call = worker.NextCall();
        Assert.False(call.Whole);
        var received = new StringBuilder(call.Payload);
        var used = InvokeHeader.MaxBytes + call.Payload.Length;
        Frame frame;
        do
        {
            frame = worker.Peer.Next();
            if (frame.Type is FrameType.Data or FrameType.End)
            {
                received.Append(frame.Text);
                used += frame.Payload.Length;
                if (used > CreditWindows.StreamBytes / 2)
                {
                    worker.Peer.SendCredit(frame.StreamId, used);
                    used = 0;
                }
            }
        }
        while (frame.Type != FrameType.End);
        Assert.Equal(Encoding.ASCII.GetString(bytes), received.ToString());
        await writing.Soon("writing the body");
        worker.Answer(call.Stream, "1");
        (await calling.Soon("the call")).Dispose();
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_BodyFailsWhileItIsRead_ThrowsAndCancelsTheCall()
    {
        var worker = _router.AddWorker();
        var body = new Pipe();
        var calling = _router.InvokeAsync(body.Reader);
        await body.Writer.WriteAsync(new byte[10]);
        var call = worker.NextCall();
        await body.Writer.CompleteAsync(new IOException("The client broke off."));
        Assert.Equal(call.Stream, worker.Peer.Next(FrameType.Cancel).StreamId);
        worker.Fail(call.Stream, FailureCode.Cancelled);
        await Assert.ThrowsAsync<IOException>(() => calling.Soon("the call"));
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_WorkerAnswersBeforeTheBodyIsWhole_DoesNotWaitForTheRest()
    {
        var worker = _router.AddWorker();
        var body = new Pipe();
        var calling = _router.InvokeAsync(body.Reader);
        await body.Writer.WriteAsync(new byte[10]);
        worker.Fail(worker.NextCall().Stream, FailureCode.InvalidPayload);
        using var result = await calling.Soon("the call");
        Assert.Equal(InvocationOutcome.InvalidPayload, result.Outcome);
        _router.AssertIdle();
    }

    [Fact]
    public async Task Invoke_BodyThrowsWhenItsReadIsCancelled_TheEndIsToldAllTheSame()
    {
        // Kestrel's body does so once its request was aborted.
        var worker = _router.AddWorker();
        var pipe = new Pipe();
        var calling = _router.InvokeAsync(new AbortedBody(pipe.Reader));
        await pipe.Writer.WriteAsync(new byte[10]);
        var call = worker.NextCall();
        worker.Connection.CutCalls();
        Assert.Equal(call.Stream, worker.Peer.Next(FrameType.Cancel).StreamId);
        await pipe.Writer.CompleteAsync(); // What the abort does to the read.
        using var result = await calling.Soon("the call");
        Assert.Equal((InvocationOutcome.Rejected, RejectionReason.Draining), (result.Outcome, result.Reason));
        worker.Fail(call.Stream, FailureCode.Cancelled);
        _router.AssertIdle();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invoke_GivenUpBeforeTheWorkerHasRoomForIt_IsToldAndHoldsNothing(bool timeout)
    {
        var worker = _router.AddWorker();
        using var gone = new CancellationTokenSource();
        var payload = new string('1', FrameHeader.MaxPayloadBytes - InvokeHeader.MaxBytes);

        // More than the connection's credit, which this worker never renews.
        var calls = Enumerable.Range(0, 300).Select(_ => _router.InvokeAsync(payload, cancellationToken: gone.Token)).ToArray();
        Assert.Equal(300, _router.Gate.Running);
        if (timeout)
        {
            _router.Clock.Advance(TimeSpan.FromSeconds(11));
        }
        else
        {
            await gone.CancelAsync();
        }

        foreach (var call in calls)
        {
            using var result = await call.Soon("a call that was given up");
            Assert.Equal(timeout ? InvocationOutcome.TimedOut : InvocationOutcome.Cancelled, result.Outcome);
        }

        // What never reached the worker is over; what did is its to end.
        var sent = CreditWindows.ConnectionBytes / (payload.Length + 30);
        Patience.Until(() => _router.Gate.Running == sent, () => $"{_router.Gate.Running} run, {sent} were sent");
        for (var i = 0; i < sent; i++)
        {
            worker.Fail(worker.NextCall().Stream, FailureCode.Cancelled);
        }

        _router.AssertIdle();
        worker.Peer.SendCredit(0, CreditWindows.ConnectionBytes);
        var next = _router.InvokeAsync(timeout: TimeSpan.FromSeconds(5));
        worker.Answer(worker.NextCall().Stream, "1");
        (await next.Soon("the next call")).Dispose();
    }

    // By a worker that breaks the rules, while the callers give up: whoever comes first has ended the call, and nobody else gives its places back.
    [Theory]
    [InlineData(FrameType.End)]
    [InlineData(FrameType.Error)]
    public async Task Invoke_EndedByTheWorkerBeforeItWasSent_GivesItsPlacesBackOnce(object type)
    {
        var worker = _router.AddWorker();
        using var gone = new CancellationTokenSource();
        var payload = new string('1', FrameHeader.MaxPayloadBytes - InvokeHeader.MaxBytes);
        var calls = Enumerable.Range(0, 300).Select(_ => _router.InvokeAsync(payload, cancellationToken: gone.Token)).ToArray();
        var end = (FrameType)type == FrameType.End ? [] : new ErrorMessage(FailureCode.FunctionFailed, "no", null, null).Encode();

        var givingUp = gone.CancelAsync();
        try
        {
            for (uint slot = 300; slot > 0; slot--)
            {
                worker.Peer.Send((FrameType)type, (1u << 16) | slot, end);
            }
        }
        catch (IOException)
        {
            // It ended one that was over: the host has cut it off.
        }

        await givingUp;
        foreach (var call in calls)
        {
            (await call.Soon("a call")).Dispose();
        }

        _router.AssertIdle();
    }

    private static async Task WriteAsync(PipeWriter writer, byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; at += 7_777)
        {
            await writer.WriteAsync(bytes.AsMemory(at, Math.Min(7_777, bytes.Length - at)));
        }

        await writer.CompleteAsync();
    }

    private sealed class AbortedBody(PipeReader inner) : PipeReader
    {
        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => throw new ObjectDisposedException("request");

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);
    }
}
