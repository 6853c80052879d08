using System.Buffers;
using System.Diagnostics;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Session;

/// <summary>Turns invoke frames into runs of functions, and what they return into frames.</summary>
internal sealed class InvocationRunner
{
    private readonly FrameConnection _connection;
    private readonly StreamTable _streams;
    private readonly FunctionInvoker[] _functions;
    private readonly InlinePolicy[] _policies;
    private readonly ConfigureMessage _limits;
    private readonly TimeProvider _time;
    private readonly SessionLoggerProvider _logging;
    private readonly Action<int> _onStreamEnded;

    /// <param name="connection">The host.</param>
    /// <param name="streams">The session's open streams.</param>
    /// <param name="functions">The project's functions, numbered as in the ready message.</param>
    /// <param name="limits">The host's limits.</param>
    /// <param name="time">The clock of deadlines.</param>
    /// <param name="logging">Where failures go, with their stacks.</param>
    /// <param name="onStreamEnded">Notified after each stream of how many are left.</param>
    public InvocationRunner(
        FrameConnection connection, StreamTable streams, IReadOnlyList<FunctionInvoker> functions, ConfigureMessage limits, TimeProvider time,
        SessionLoggerProvider logging, Action<int> onStreamEnded)
    {
        _connection = connection;
        _streams = streams;
        _functions = [.. functions];
        _policies = [.. functions.Select(_ => new InlinePolicy())];
        _limits = limits;
        _time = time;
        _logging = logging;
        _onStreamEnded = onStreamEnded;
    }

    /// <summary>Opens a stream and, where its payload is whole, runs it. Called on the reader.</summary>
    /// <param name="header">The frame's header.</param>
    /// <param name="frame">Its payload.</param>
    /// <param name="refusal">Why it must not run, draining or cancelled; null where it may.</param>
    public void OnInvoke(in FrameHeader header, ReadOnlySpan<byte> frame, FailureCode? refusal)
    {
        var invoke = InvokeHeader.Read(frame, out var headerLength);
        if (invoke.Function >= _functions.Length)
        {
            throw new ProtocolException($"There is no function number {invoke.Function}; there are {_functions.Length}.");
        }

        var invocation = new RunningInvocation(
            header.StreamId,
            _functions[invoke.Function],
            _policies[invoke.Function],
            invoke,
            new PayloadBuffer(_limits.MaxRequestBytes, static limit => new PayloadTooLargeException(limit)));
        invocation.UseReceiveCredit(frame.Length);
        _streams.Add(invocation);
        if (header.Flags.HasFlag(FrameFlags.HttpHead))
        {
            headerLength += ReceiveHead(invocation, frame[headerLength..], out var head);
            if (refusal is null)
            {
                StartHttp(invocation, head, frame[headerLength..], header.Flags.HasFlag(FrameFlags.Whole));
                return;
            }
        }

        if (refusal is { } code)
        {
            invocation.TryStart();
            var message = code == FailureCode.Draining ? "The worker is draining." : "The call was cancelled before it came.";
            Fail(invocation, new ErrorMessage(code, message, null, null));
            return;
        }

        Receive(invocation, frame[headerLength..], header.Flags.HasFlag(FrameFlags.Whole));
    }

    /// <summary>Takes a further part of a payload. Called on the reader.</summary>
    public void OnPayload(RunningInvocation invocation, in FrameHeader header, ReadOnlySpan<byte> part)
    {
        invocation.UseReceiveCredit(part.Length);
        if (invocation.Body is { } body)
        {
            body.Receive(part, last: header.Type == FrameType.End);
        }
        else
        {
            Receive(invocation, part, last: header.Type == FrameType.End);
        }
    }

    /// <summary>The host has taken an invocation back: one whose payload is not whole ends now. Called on the reader.</summary>
    /// <returns>False where it has started, and so has to be cancelled.</returns>
    public bool TryRefuse(RunningInvocation invocation)
    {
        if (!invocation.TryStart())
        {
            return false;
        }

        Fail(invocation, new ErrorMessage(FailureCode.Cancelled, "The call was cancelled before its payload was complete.", null, null));
        return true;
    }

    private int ReceiveHead(RunningInvocation invocation, ReadOnlySpan<byte> frame, out HttpRequestHead head)
    {
        var reader = new MessageReader(frame);
        head = HttpRequestHead.Decode(reader.Bytes());
        var length = frame.Length - reader.Left;
        if (invocation.ReleaseReceiveCredit(length) is > 0 and var grant)
        {
            _connection.SendCreditFrame(invocation.StreamId, grant);
        }

        return length;
    }

    // Begins before its body is there.
    private void StartHttp(RunningInvocation invocation, HttpRequestHead head, ReadOnlySpan<byte> part, bool last)
    {
        invocation.TryStart();
        if (invocation.Invoker is not HttpInvoker invoker)
        {
            var name = invocation.Invoker.Descriptor.Name;
            Fail(invocation, new ErrorMessage(
                FailureCode.InvalidPayload, $"'{name}' is not an HTTP function: call it with POST /api/v1/functions/<project>/{name}/invoke.", null,
                "function"));
            return;
        }

        var body = new RequestBody(_connection, invocation);
        invocation.Body = body;
        body.Receive(part, last);
        _ = Task.Run(() => RunHttpAsync(invocation, invoker, head, body)); // Ends in the stream's last frame.
    }

    private async Task RunHttpAsync(RunningInvocation invocation, HttpInvoker invoker, HttpRequestHead head, RequestBody body)
    {
        InvocationFailure? failure;
        try
        {
            var output = new HttpResponse(_connection, invocation);
            failure = await invoker.RunAsync(invocation.Describe(_time.GetUtcNow()), head, body, output, invocation.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // As in FinishAsync: a defect of ours costs one call only.
            failure = InvocationFailure.Of(e);
        }

        body.End();
        LogFailure(invocation, failure);
        Answer(invocation, failure, NewResult(), SendTime.Now);
    }

    private void Receive(RunningInvocation invocation, ReadOnlySpan<byte> part, bool last)
    {
        try
        {
            invocation.Payload.Write(part);
        }
        catch (PayloadTooLargeException e)
        {
            if (invocation.TryStart())
            {
                Fail(invocation, new ErrorMessage(FailureCode.InvalidPayload, e.Message, null, null));
            }
        }

        if (!last)
        {
            var grant = invocation.ReleaseReceiveCredit(part.Length);
            if (grant > 0)
            {
                _connection.SendCreditFrame(invocation.StreamId, grant);
            }

            return;
        }

        if (!invocation.TryStart())
        {
            return;
        }

        if (invocation is { Invoker: StreamingInvoker streaming, Items: not ItemEncoding.Array })
        {
            _ = Task.Run(() => StreamAsync(invocation, streaming)); // Ends in the stream's last frame.
        }
        else if (invocation.Policy.RunInline)
        {
            RunOnReader(invocation);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => state.Runner.RunOnPool(state.Invocation), (Runner: this, Invocation: invocation), preferLocal: false);
        }
    }

    private async Task StreamAsync(RunningInvocation invocation, StreamingInvoker invoker)
    {
        var unsent = NewResult();
        var items = new ItemStream(_connection, invocation, unsent);
        InvocationFailure? failure;
        try
        {
            var run = invoker.StreamAsync(invocation.Describe(_time.GetUtcNow()), invocation.Payload.Written, items, invocation.Token);
            invocation.Payload.Dispose(); // It was read before the invoker first returned.
            failure = await run.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // As in FinishAsync: a defect of ours costs one call only.
            failure = InvocationFailure.Of(e);
        }

        if (failure is null)
        {
            await SendAsync(invocation, unsent).ConfigureAwait(false);
            return;
        }

        LogFailure(invocation, failure);
        await items.SendRestAsync().ConfigureAwait(false);
        Answer(invocation, failure, unsent, SendTime.Now);
    }

    private void RunOnReader(RunningInvocation invocation)
    {
        var began = Stopwatch.GetTimestamp();
        var mark = _connection.EnterForeignCode();
        var run = Start(invocation, out var result);
        var stillReader = _connection.ExitForeignCode(mark);
        invocation.Policy.Record(Stopwatch.GetTimestamp() - began, takenOver: !stillReader);
        Finish(invocation, run, result, stillReader ? SendTime.AtBatchEnd : SendTime.Now);
    }

    private void RunOnPool(RunningInvocation invocation)
    {
        var began = Stopwatch.GetTimestamp();
        var run = Start(invocation, out var result);
        invocation.Policy.Record(Stopwatch.GetTimestamp() - began, takenOver: false);
        Finish(invocation, run, result, SendTime.Now);
    }

    private ValueTask<InvocationFailure?> Start(RunningInvocation invocation, out PayloadBuffer result)
    {
        result = NewResult();
        var run = invocation.Invoker.InvokeAsync(invocation.Describe(_time.GetUtcNow()), invocation.Payload.Written, result, invocation.Token);
        if (!run.IsCompletedSuccessfully)
        {
            return run;
        }

        // Logged here, while this counts as foreign code: it may wait, where the host is slow to read.
        var failure = run.GetAwaiter().GetResult();
        LogFailure(invocation, failure);
        return new ValueTask<InvocationFailure?>(failure);
    }

    private PayloadBuffer NewResult() => new(_limits.MaxResponseBytes, static limit => new ResultTooLargeException(limit));

    private void Finish(RunningInvocation invocation, ValueTask<InvocationFailure?> run, PayloadBuffer result, SendTime time)
    {
        invocation.Payload.Dispose(); // It was read before the invoker first returned.
        if (run.IsCompletedSuccessfully)
        {
            Answer(invocation, run.GetAwaiter().GetResult(), result, time);
        }
        else
        {
            _ = FinishAsync(invocation, run, result);
        }
    }

    private async Task FinishAsync(RunningInvocation invocation, ValueTask<InvocationFailure?> run, PayloadBuffer result)
    {
        InvocationFailure? failure;
        try
        {
            failure = await run.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The invoker keeps what functions throw to itself; this is the edge, so that a defect of ours costs one call only.
            failure = InvocationFailure.Of(e);
        }

        LogFailure(invocation, failure);
        Answer(invocation, failure, result, SendTime.Now);
    }

    private void LogFailure(RunningInvocation invocation, InvocationFailure? failure)
    {
        if (failure is { Kind: FailureKind.FunctionFailed })
        {
            _logging.WriteFailure(invocation.Invoker.Descriptor.Name, invocation.Describe(_time.GetUtcNow()), failure);
        }
    }

    private void Answer(RunningInvocation invocation, InvocationFailure? failure, PayloadBuffer result, SendTime time)
    {
        if (failure is not null)
        {
            result.Dispose();
            Fail(invocation, new ErrorMessage(CodeOf(failure.Kind), failure.Message, failure.ExceptionType, failure.Field));
            return;
        }

        var written = result.Written;
        if (written.IsSingleSegment && written.Length <= FrameHeader.MaxPayloadBytes)
        {
            var open = _streams.Remove(invocation);
            if (_connection.TrySendPayload(FrameType.End, FrameFlags.None, invocation.StreamId, written.FirstSpan, default, time))
            {
                result.Dispose();
                _onStreamEnded(open);
                return;
            }

            _streams.Add(invocation);
        }

        _ = SendAsync(invocation, result);
    }

    private async Task SendAsync(RunningInvocation invocation, PayloadBuffer result)
    {
        try
        {
            await _connection.SendPayloadAsync(invocation.StreamId, invocation.SendCredit, result.Written, last: true, invocation.Token)
                .ConfigureAwait(false);
            _onStreamEnded(_streams.Remove(invocation));
        }
        catch (OperationCanceledException)
        {
            Fail(invocation, new ErrorMessage(FailureCode.Cancelled, "The call was cancelled while its result was being sent.", null, null));
        }
        catch (IOException)
        {
            _streams.Remove(invocation); // The host is gone, and this worker with it.
        }
        finally
        {
            result.Dispose();
        }
    }

    private void Fail(RunningInvocation invocation, ErrorMessage error)
    {
        invocation.Payload.Dispose();
        var open = _streams.Remove(invocation);
        _connection.Send(FrameType.Error, invocation.StreamId, error.Encode());
        _onStreamEnded(open);
    }

    private static FailureCode CodeOf(FailureKind kind) => kind switch
    {
        FailureKind.InvalidPayload => FailureCode.InvalidPayload,
        FailureKind.Cancelled => FailureCode.Cancelled,
        _ => FailureCode.FunctionFailed,
    };
}
