using System.IO.Pipelines;
using System.Threading.Tasks.Sources;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>
/// One dispatched call: the stream's end on the host, what its caller awaits, and the result, in one pooled object. It has two lives that end
/// apart: the stream's, until the worker has sent its last frame or is lost, and the caller's, until it disposes of the result. A caller may have
/// its timeout while the worker still runs the function; what comes after that is dropped.
/// </summary>
internal sealed partial class Invocation
{
    private readonly Lock _lock = new();
    private readonly InvocationPool _pool;
    private readonly PayloadPipe _payload = new();
    private readonly ResultParts _parts;
    private ManualResetValueTaskSourceCore<InvocationResult> _begun;
    private ReceiveCredit _receiveCredit;
    private UInt128 _id;
    private long _began;
    private long _deadline;
    private TimeSpan _executionTime;
    private InvocationEnd _end;
    private HttpHead? _head;
    private IReadOnlyList<KeyValuePair<string, string>> _trailers = [];
    private bool _streamOpen;
    private bool _hasBegun; // The caller has the beginning of the result, or its failure.
    private bool _abandoned; // The caller has all that it will ever have, or is gone; the stream is still open.
    private bool _disposed;

    public Invocation(InvocationPool pool)
    {
        _pool = pool;
        _parts = new ResultParts(_lock);
    }

    /// <summary>The worker that runs it.</summary>
    public WorkerConnection Worker { get; private set; } = null!;

    /// <summary>The stream on that worker's connection.</summary>
    public uint StreamId { get; private set; }

    /// <summary>The function.</summary>
    public FunctionTarget Target { get; private set; } = null!;

    /// <summary>Its caller's W3C trace context, or null.</summary>
    public string? TraceParent { get; set; }

    /// <summary>How its caller wants items, if its function is a streaming one.</summary>
    public ItemEncoding WantedItems { get; set; }

    /// <summary>When its time is up, as a timestamp of the process's time provider.</summary>
    public long Deadline => Volatile.Read(ref _deadline);

    /// <summary>When its caller had its timeout or took the call back, as such a timestamp; 0 before.</summary>
    public long AbandonedAt { get; private set; }

    /// <summary>The id on the wire.</summary>
    public UInt128 Id => _id;

    /// <summary>What the worker has room for of the payload.</summary>
    public SendCredit SendCredit => _payload.Credit;

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

    /// <summary>It has got its stream.</summary>
    public void Attach(uint streamId) => StreamId = streamId;

    /// <summary>The payload is being read from there: a read that waits is cancelled when the stream ends early.</summary>
    public void SetBody(PipeReader? body)
    {
        lock (_lock)
        {
            if (body is null)
            {
                _payload.Close();
                return;
            }

            _payload.Open(body);
            if (!_streamOpen || _abandoned)
            {
                _payload.Stop();
            }
        }
    }

    /// <summary>Takes the task that sends the body while the function runs.</summary>
    public void SendWith(Task<Exception?> sending) => _payload.Sending = sending;

    /// <summary>A part of the result has come. Called on the reader.</summary>
    /// <returns>What the caller of this method is to run as foreign code, see <see cref="Notify"/>.</returns>
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
                EndStream();
            }

            if (_abandoned || _disposed)
            {
                return last ? RecycleIfOver() : Notice.None;
            }

            if (last)
            {
                Record(default);
            }

            _parts.Add(part, last);
            return NoticeOf(default);
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

            if (_hasBegun)
            {
                throw new ProtocolException("The head of a response came behind its beginning.");
            }

            _head = head;
            return NoticeOf(default);
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

    /// <summary>The worker, or its loss, ended the stream.</summary>
    /// <returns>As <see cref="OnPart"/>.</returns>
    public Notice OnFailed(in InvocationEnd end)
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

            Record(end);
            return NoticeOf(end);
        }
    }

    /// <summary>Ends the call for its caller now, though the worker has not ended the stream.</summary>
    /// <param name="worker">Where the call was found: by now this object may be a call of another worker's.</param>
    /// <param name="end">How.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="notice">Whom to notify, off the reader.</param>
    /// <param name="onlyIfDue">Only where the deadline has passed.</param>
    /// <returns>Whether it did; then the worker is to cancel it.</returns>
    public bool TryAbandon(WorkerConnection worker, in InvocationEnd end, long now, out Notice notice, bool onlyIfDue = false)
    {
        lock (_lock)
        {
            notice = Notice.None;
            if (!_streamOpen || _abandoned || _disposed || !ReferenceEquals(Worker, worker) || (onlyIfDue && Deadline > now))
            {
                return false;
            }

            Abandon(now, end);
            notice = NoticeOf(end);
            return true;
        }
    }

    /// <summary>Runs the continuation of whoever waits.</summary>
    /// <param name="notice">What an earlier call returned.</param>
    /// <param name="inline">On this very thread; else on the thread pool.</param>
    public void Notify(Notice notice, bool inline)
    {
        switch (notice)
        {
            case Notice.Begun:
                _begun.RunContinuationsAsynchronously = !inline;
                _begun.SetResult(this);
                break;
            case Notice.More:
                _parts.Notify(inline);
                break;
            case Notice.Recycle:
                Recycle();
                break;
        }
    }

    private Notice NoticeOf(in InvocationEnd end)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _end = end;
            _executionTime = Worker.Elapsed(_began);
            _parts.TryTake();
            return Notice.Begun;
        }

        if (end.Outcome != InvocationOutcome.Succeeded)
        {
            _parts.Break(_id, end);
        }

        return _parts.TryEndWait() ? Notice.More : Notice.None;
    }

    // Under the lock, so that the stream cannot end, and its number be another's, before the cancel is on its way.
    private void Abandon(long now, in InvocationEnd end)
    {
        _abandoned = true;
        Record(end);
        AbandonedAt = now;
        _payload.Stop();
        Worker.SendCancel(StreamId);
    }

    // Once for each life, when the caller's part of it is decided. What may still come of the worker changes nothing for the caller.
    private void Record(in InvocationEnd end) => Target.Recorder.Ended(_id, TraceParent, end.Outcome, end.Error, Worker.Elapsed(_began));

    private void EndStream()
    {
        _streamOpen = false;
        _payload.Stop();
    }

    private Notice RecycleIfOver() => _disposed && !_streamOpen ? Notice.Recycle : Notice.None;

    private void Recycle()
    {
        _begun.Reset();
        _payload.Reset();
        _parts.Reset();
        _head = null;
        _trailers = [];
        TraceParent = null;
        _end = default;
        _executionTime = default;
        _hasBegun = _abandoned = _disposed = false;
        _pool.Return(this);
    }
}
