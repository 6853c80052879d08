using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;

namespace CloudFunction.Runtime.Invocations;

/// <summary>
/// One dispatched call: the stream's end on the host, what its caller awaits, and the result, in one pooled object. It has two lives that end
/// apart: the stream's, until the worker has said its last word or is lost, and the caller's, until it disposes of the result. A caller may be
/// told of a timeout while the worker still runs the function; what comes after that is dropped.
/// </summary>
internal sealed class Invocation : InvocationResult, IValueTaskSource<InvocationResult>, IValueTaskSource
{
    private readonly Lock _lock = new();
    private readonly InvocationPool _pool;
    private readonly Queue<ArraySegment<byte>> _parts = new();
    private ManualResetValueTaskSourceCore<InvocationResult> _begun;
    private ManualResetValueTaskSourceCore<bool> _more;
    private ReceiveCredit _receiveCredit;
    private SendCredit? _sendCredit;
    private ArraySegment<byte> _current;
    private UInt128 _id;
    private long _began;
    private long _deadline;
    private TimeSpan _executionTime;
    private InvocationOutcome _outcome;
    private RejectionReason _reason;
    private InvocationError? _error;
    private InvocationOutcome? _brokenBy; // What ended the result after its beginning had been handed out.
    private InvocationError? _brokenError;
    private RejectionReason _brokenReason;
    private PipeReader? _body;
    private Task<Exception?>? _sending;
    private HttpHead? _head;
    private IReadOnlyList<KeyValuePair<string, string>> _trailers = [];
    private bool _streamOpen;
    private bool _told; // The caller knows how the call began to end.
    private bool _reading; // The caller waits for the next part.
    private bool _lastCame;
    private bool _abandoned; // The caller knows all it will ever know, or is gone; the stream is still open.
    private bool _disposed;

    public Invocation(InvocationPool pool) => _pool = pool;

    /// <summary>The worker that runs it.</summary>
    public WorkerConnection Worker { get; private set; } = null!;

    /// <summary>The stream on that worker's connection.</summary>
    public uint StreamId { get; private set; }

    /// <summary>The function.</summary>
    public FunctionTarget Target { get; private set; } = null!;

    /// <summary>Its caller's W3C trace context, or null.</summary>
    public string? TraceParent { get; set; }

    /// <summary>How its caller wants items, if its function is a streaming one.</summary>
    public ResultFormat WantedFormat { get; set; }

    /// <summary>When its time is up, as a timestamp of the process's time provider.</summary>
    public long Deadline => Volatile.Read(ref _deadline);

    /// <summary>When its caller was told of a timeout or took the call back, as such a timestamp; 0 before.</summary>
    public long AbandonedAt { get; private set; }

    /// <summary>The id on the wire.</summary>
    public UInt128 Id => _id;

    /// <summary>What the worker has room for of the payload.</summary>
    public SendCredit SendCredit => LazyInitializer.EnsureInitialized(ref _sendCredit, static () => new SendCredit(CreditWindows.StreamBytes));

    public override InvocationOutcome Outcome => _outcome;

    public override RejectionReason Reason => _reason;

    public override InvocationError? Error => _error;

    public override string InvocationId => Invocations.InvocationId.Format(_id);

    public override TimeSpan ExecutionTime => _executionTime;

    public override ResultFormat Format => Target.Shape == FunctionShape.Streaming ? WantedFormat : ResultFormat.Json;

    public override HttpHead? Head => _head;

    public override IReadOnlyList<KeyValuePair<string, string>> Trailers => _trailers;

    public override ReadOnlyMemory<byte> Payload => _current;

    public override bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                // A result that broke after it began is not complete: reading on says so.
                return _outcome != InvocationOutcome.Succeeded || (_lastCame && _brokenBy is null && _parts.Count == 0);
            }
        }
    }

    /// <summary>What the caller awaits: it ends with this object once the first part of the result or a failure is there.</summary>
    public ValueTask<InvocationResult> Begun => new(this, _begun.Version);

    /// <summary>Begins both lives.</summary>
    public void Begin(FunctionTarget target, WorkerConnection worker, UInt128 id, long began, long deadline)
    {
        lock (_lock)
        {
            // Under the lock, for who still holds this object from its life before; see TryAbandon.
            Target = target;
            Worker = worker;
            _id = id;
            _began = began;
            _deadline = deadline;
            AbandonedAt = 0;
            _receiveCredit = new ReceiveCredit(CreditWindows.StreamBytes);
            _streamOpen = true;
        }
    }

    /// <summary>Tells which stream it got.</summary>
    public void Attach(uint streamId) => StreamId = streamId;

    /// <summary>The payload is being read from there: a read that waits is cancelled when the stream ends early.</summary>
    public void SetBody(PipeReader? body)
    {
        lock (_lock)
        {
            _body = body;
            if (body is null)
            {
                return;
            }

            _ = SendCredit; // There to be ended, whoever comes to wait for it later.
            if (!_streamOpen || _abandoned)
            {
                StopPayload();
            }
        }
    }

    /// <summary>Whether the payload is still wanted.</summary>
    public bool WantsPayload
    {
        get
        {
            lock (_lock)
            {
                return _streamOpen && !_abandoned;
            }
        }
    }

    /// <summary>A part of the result has come. Called on the reader.</summary>
    /// <returns>What the caller of this method is to run as foreign code, see <see cref="Tell"/>.</returns>
    public Notice OnPart(ReadOnlySpan<byte> part, bool last)
    {
        lock (_lock)
        {
            _receiveCredit.Use(part.Length);
            if (part.IsEmpty && !last)
            {
                return Notice.None; // There is nothing to wake anybody for.
            }

            if (last)
            {
                _lastCame = true;
                EndStream();
            }

            if (_abandoned || _disposed)
            {
                return last ? RecycleIfOver() : Notice.None;
            }

            if (last)
            {
                Record(InvocationOutcome.Succeeded, null);
            }

            var copy = ArrayPool<byte>.Shared.Rent(Math.Max(part.Length, 1));
            part.CopyTo(copy);
            _parts.Enqueue(new ArraySegment<byte>(copy, 0, part.Length));
            return NoticeOf(InvocationOutcome.Succeeded, null, RejectionReason.None);
        }
    }

    /// <summary>The response of an HTTP function begins. Called on the reader.</summary>
    /// <returns>As <see cref="OnPart"/>.</returns>
    /// <exception cref="ProtocolException">It has begun before.</exception>
    public Notice OnHead(HttpHead head)
    {
        lock (_lock)
        {
            if (_abandoned || _disposed)
            {
                return Notice.None;
            }

            if (_told)
            {
                throw new ProtocolException("The head of a response came behind its beginning.");
            }

            _head = head;
            return NoticeOf(InvocationOutcome.Succeeded, null, RejectionReason.None);
        }
    }

    /// <summary>What follows the response of an HTTP function has come. Called on the reader.</summary>
    public void OnTrailers(IReadOnlyList<KeyValuePair<string, string>> trailers)
    {
        lock (_lock)
        {
            _trailers = trailers;
        }
    }

    /// <summary>The worker, or its loss, ended the stream. Called on the reader.</summary>
    public Notice OnFailed(InvocationOutcome outcome, InvocationError error, RejectionReason reason = RejectionReason.None)
    {
        lock (_lock)
        {
            if (!_streamOpen)
            {
                return Notice.None;
            }

            EndStream();
            if (_abandoned || _disposed)
            {
                return RecycleIfOver();
            }

            Record(outcome, error);
            return NoticeOf(outcome, error, reason);
        }
    }

    /// <summary>Tells the caller now how the call ends, though the worker has not ended the stream.</summary>
    /// <param name="worker">Where the call was found: by now this object may be a call of another worker's.</param>
    /// <param name="outcome">How.</param>
    /// <param name="error">In words.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="reason">Why it was cut.</param>
    /// <param name="onlyIfDue">Only where the deadline has passed.</param>
    /// <param name="notice">Whom to tell, off the reader.</param>
    /// <returns>Whether it did; then the worker knows.</returns>
    public bool TryAbandon(
        WorkerConnection worker, InvocationOutcome outcome, InvocationError error, long now, out Notice notice,
        RejectionReason reason = RejectionReason.None, bool onlyIfDue = false)
    {
        lock (_lock)
        {
            notice = Notice.None;
            if (!_streamOpen || _abandoned || _disposed || !ReferenceEquals(Worker, worker) || (onlyIfDue && Deadline > now))
            {
                return false;
            }

            Abandon(now, outcome, error);
            notice = NoticeOf(outcome, error, reason);
            return true;
        }
    }

    /// <summary>Runs the continuation of whoever waits.</summary>
    /// <param name="notice">What an earlier call returned.</param>
    /// <param name="inline">On this very thread; else on the thread pool.</param>
    public void Tell(Notice notice, bool inline)
    {
        switch (notice)
        {
            case Notice.Begun:
                _begun.RunContinuationsAsynchronously = !inline;
                _begun.SetResult(this);
                break;
            case Notice.More:
                _more.RunContinuationsAsynchronously = !inline;
                _more.SetResult(true);
                break;
            case Notice.Recycle:
                Recycle();
                break;
        }
    }

    public override ValueTask ReadAsync()
    {
        int grant;
        ValueTask more;
        lock (_lock)
        {
            grant = _streamOpen ? _receiveCredit.Release(_current.Count) : 0;
            ReturnCurrent();
            if (_parts.TryDequeue(out _current))
            {
                more = ValueTask.CompletedTask;
            }
            else if (_brokenBy is not null)
            {
                more = ValueTask.FromException(Broken());
            }
            else if (_lastCame)
            {
                throw new InvalidOperationException("The result is complete.");
            }
            else
            {
                _more.Reset();
                _reading = true;
                more = new ValueTask(this, _more.Version);
            }
        }

        if (grant > 0)
        {
            Worker.GrantCredit(StreamId, grant);
        }

        return more;
    }

    public override void Cancel() => Abandon(InvocationOutcome.Cancelled, new InvocationError("The caller took the call back."));

    public override void Fail(InvocationError error) => Abandon(InvocationOutcome.FunctionFailed, error);

    /// <summary>Takes the task that sends the body while the function runs.</summary>
    public void SendWith(Task<Exception?> sending) => _sending = sending;

    public override async ValueTask<Exception?> StopSendingAsync()
    {
        if (_sending is not { } sending)
        {
            return null;
        }

        lock (_lock)
        {
            StopPayload();
        }

        return await sending.ConfigureAwait(false);
    }

    public override void Dispose()
    {
        bool recycle;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            ReturnCurrent();
            while (_parts.TryDequeue(out _current))
            {
                ReturnCurrent();
            }

            _disposed = true;
            if (_streamOpen && !_abandoned)
            {
                Abandon(Worker.Now, InvocationOutcome.Cancelled, null);
            }

            recycle = !_streamOpen;
        }

        // From here on the reader may have given this object to another call, unless it is this side that does.
        if (recycle)
        {
            Recycle();
        }
    }

    InvocationResult IValueTaskSource<InvocationResult>.GetResult(short token) => _begun.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<InvocationResult>.GetStatus(short token) => _begun.GetStatus(token);

    void IValueTaskSource<InvocationResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _begun.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        _more.GetResult(token);
        lock (_lock)
        {
            if (!_parts.TryDequeue(out _current))
            {
                throw Broken();
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _more.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _more.OnCompleted(continuation, state, token, flags);

    private InvocationBrokenException Broken() => new(_brokenBy!.Value, _brokenReason, InvocationId, _brokenError!);

    private Notice NoticeOf(InvocationOutcome outcome, InvocationError? error, RejectionReason reason)
    {
        if (!_told)
        {
            _told = true;
            _outcome = outcome;
            _error = error;
            _reason = reason;
            _executionTime = Worker.Elapsed(_began);
            if (_parts.TryDequeue(out var first))
            {
                _current = first;
            }

            return Notice.Begun;
        }

        if (outcome != InvocationOutcome.Succeeded)
        {
            _brokenBy = outcome;
            _brokenError = error;
            _brokenReason = reason;
        }

        if (!_reading)
        {
            return Notice.None;
        }

        _reading = false;
        return Notice.More;
    }

    private void Abandon(InvocationOutcome outcome, InvocationError error)
    {
        var worker = Worker;
        if (TryAbandon(worker, outcome, error, worker.Now, out var notice))
        {
            Tell(notice, inline: false);
        }
    }

    // Under the lock, so that the stream cannot end, and its number be another's, before the cancel is on its way.
    private void Abandon(long now, InvocationOutcome outcome, InvocationError? error)
    {
        _abandoned = true;
        Record(outcome, error);
        AbandonedAt = now;
        StopPayload();
        Worker.SendCancel(StreamId);
    }

    // Once for each life, when the caller's part of it is decided. What may still come of the worker changes nothing for the caller.
    private void Record(InvocationOutcome outcome, InvocationError? error) =>
        Target.Recorder.Ended(_id, TraceParent, outcome, error, Worker.Elapsed(_began));

    private void EndStream()
    {
        _streamOpen = false;
        StopPayload();
    }

    private void StopPayload()
    {
        _sendCredit?.End();
        CancelRead(_body);
    }

    private static void CancelRead(PipeReader? body)
    {
        try
        {
            body?.CancelPendingRead();
        }
        catch (Exception)
        {
            // The reader is the app's. One whose request was aborted throws here (Kestrel's does), and then there is no read to cancel. It must
            // not keep the caller from being told, nor end the connection's reader or the sweep, whose threads this is on.
        }
    }

    private Notice RecycleIfOver() => _disposed && !_streamOpen ? Notice.Recycle : Notice.None;

    private void ReturnCurrent()
    {
        if (_current.Array is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
            _current = default;
        }
    }

    private void Recycle()
    {
        _begun.Reset();
        _sendCredit = null;
        _body = null;
        _sending = null;
        _head = null;
        _trailers = [];
        TraceParent = null;
        _error = _brokenError = null;
        _brokenBy = null;
        _brokenReason = default;
        _outcome = default;
        _reason = default;
        _executionTime = default;
        _told = _reading = _lastCame = _abandoned = _disposed = false;
        _pool.Return(this);
    }

    /// <summary>Who is to be told after a change.</summary>
    internal enum Notice
    {
        /// <summary>Nobody.</summary>
        None,

        /// <summary>Who awaits <see cref="Begun"/>.</summary>
        Begun,

        /// <summary>Who awaits <see cref="ReadAsync"/>.</summary>
        More,

        /// <summary>Nobody: both lives are over.</summary>
        Recycle,
    }
}
