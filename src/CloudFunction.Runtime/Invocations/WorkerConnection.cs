using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Transports;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Invocations;

/// <summary>The host's end of one worker's connection: opens a stream for each call and follows each to its end. Thread safe.</summary>
internal sealed class WorkerConnection : IFrameHandler, IDeadlineHolder, IWorkerLink
{
    private static readonly Action<WorkerConnection, HelloMessage> NoHello = static (_, _) => throw new ProtocolException("A second hello came.");

    private static readonly InvocationEnd TimedOut = new(
        InvocationOutcome.TimedOut, new InvocationError("The function did not end within its time."));

    private static readonly InvocationEnd WorkerLost = new(
        InvocationOutcome.WorkerLost, new InvocationError("The worker ended while it ran this call."));

    // How is in the log, with the worker's end.
    private static readonly InvocationEnd ProtocolBroken = new(
        InvocationOutcome.ProtocolFailed, new InvocationError("The worker broke the protocol."));

    private static readonly InvocationEnd Cut = new(
        InvocationOutcome.Rejected,
        new InvocationError("The call was cut: its project or the host is stopping and the time for running calls is up."),
        RejectionReason.Draining);

    // Fewer calls, or calls further apart, find a thread of the pool asleep, and waking it costs more than what batching saves.
    private const int CallsWorthBatching = 4;
    private static readonly TimeSpan GapWorthBatching = TimeSpan.FromMicroseconds(100);

    private readonly FrameConnection _connection;
    private readonly InvocationSlots _slots = new();
    private readonly MessageAssembler _messages = new();
    private readonly LogWindow _log;
    private readonly InlineContinuations _inline = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _cancelGrace;
    private Action<WorkerConnection, HelloMessage> _onHello;
    private IWorkerConnectionEvents? _events;
    private int _stuckReported;
    private long _lastInvoke;

    /// <param name="transport">Owned from now on.</param>
    /// <param name="onHello">Given the first frame, on the reader: accepts the worker with <see cref="Accept"/>, or throws.</param>
    /// <param name="cancelGrace">How long a function may ignore its token.</param>
    /// <param name="time">Time.</param>
    public WorkerConnection(Transport transport, Action<WorkerConnection, HelloMessage> onHello, TimeSpan cancelGrace, TimeProvider time)
    {
        _onHello = onHello;
        _cancelGrace = cancelGrace;
        _time = time;
        _connection = new FrameConnection(transport, this);
        _log = new LogWindow(_connection);
    }

    /// <summary>Calls that the worker has not ended, those that their callers gave up included.</summary>
    public int InFlight => _slots.Count;

    /// <summary>Calls that it was given so far.</summary>
    public long Opened => _slots.Opened;

    /// <summary>How long ago the worker last answered a ping.</summary>
    public TimeSpan SinceLastPong => _connection.SinceLastPong;

    /// <summary>Ends when the connection has ended.</summary>
    public Task<ConnectionEnd> Ended => _connection.Ended;

    /// <summary>A timestamp of now.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Whether every open call was given up so long ago that its function has had the time to end: nobody waits for this worker.</summary>
    public bool OnlyAbandoned => _slots.Open().All(i => i.AbandonedAt is var since and not 0 && _time.GetElapsedTime(since) >= _cancelGrace);

    /// <summary>Begins to read.</summary>
    public void Start() => _connection.Start();

    /// <summary>Takes the worker that sent the hello for the one that it claims to be.</summary>
    public void Accept(IWorkerConnectionEvents events, ConfigureMessage configure)
    {
        _events = events;
        _onHello = NoHello;
        _connection.Send(FrameType.Configure, 0, configure.Encode());
    }

    /// <summary>Has it load a deployment.</summary>
    public void Load(LoadMessage load) => _connection.SendMessage(FrameType.Load, load.Encode());

    /// <summary>Has it send log records from that level on, and none below.</summary>
    public void SetLogLevel(LogLevel level) => _connection.Send(FrameType.SetLogLevel, 0, [(byte)level]);

    /// <summary>Takes no more calls; those that run go on.</summary>
    public void Refuse() => _slots.Refuse();

    /// <summary>Has it finish what runs, stop and exit.</summary>
    public void Drain() => _connection.SendUrgent(FrameType.Drain, 0, default);

    /// <summary>Asks for a sign of life.</summary>
    public void Ping() => _connection.Ping();

    /// <summary>How long ago a timestamp was.</summary>
    public TimeSpan Elapsed(long since) => _time.GetElapsedTime(since);

    /// <summary>How long it is until a timestamp.</summary>
    public TimeSpan Until(long timestamp) => _time.GetElapsedTime(_time.GetTimestamp(), timestamp);

    /// <summary>Opens a stream for a call.</summary>
    /// <returns>False where this worker takes no more.</returns>
    public bool TryOpen(Invocation invocation) => _slots.TryOpen(invocation);

    /// <summary>Sends the beginning of a call, waiting for credit where there is none.</summary>
    /// <param name="invocation">The call; its stream is open.</param>
    /// <param name="header">The encoded header.</param>
    /// <param name="body">The payload, or its beginning; with the header at most a frame.</param>
    /// <param name="whole">Whether nothing follows.</param>
    /// <param name="isHttp">Whether an HTTP request's head stands behind the header.</param>
    /// <returns>False where there was no credit: wait with <see cref="WaitForCreditAsync"/> and call again.</returns>
    public bool TrySendInvoke(Invocation invocation, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, bool whole, bool isHttp = false)
    {
        // A stream that ends with its first frame needs no credit of its own: a whole window is as large as a frame.
        var length = header.Length + body.Length;
        if (!whole && !invocation.SendCredit.TryTake(length))
        {
            return false;
        }

        var flags = (whole ? FrameFlags.Whole : FrameFlags.None) | (isHttp ? FrameFlags.HttpHead : FrameFlags.None);
        var time = NoteInvoke() ? SendTime.WithOthers : SendTime.WithReader;
        if (_connection.TrySendPayload(FrameType.Invoke, flags, invocation.StreamId, header, body, time))
        {
            return true;
        }

        if (!whole)
        {
            invocation.SendCredit.Grant(length);
        }

        return false;
    }

    /// <summary>Waits until an invoke frame of that length may go out.</summary>
    /// <exception cref="IOException">The call was given up, or the worker is lost.</exception>
    public Task WaitForCreditAsync(Invocation invocation, int bytes, CancellationToken cancellationToken) =>
        _connection.WaitForCreditAsync(invocation.SendCredit, bytes, cancellationToken);

    /// <summary>Ends a call that the worker never got, and so will never answer.</summary>
    public void Withdraw(Invocation invocation)
    {
        if (_slots.Close(invocation.StreamId))
        {
            Fail(invocation, InvocationEnd.TakenBack, inline: false);
        }
    }

    /// <inheritdoc cref="FrameConnection.SendPayloadAsync"/>
    public ValueTask SendPayloadAsync(
        uint streamId, SendCredit streamCredit, System.Buffers.ReadOnlySequence<byte> payload, bool last, CancellationToken cancellationToken) =>
        _connection.SendPayloadAsync(streamId, streamCredit, payload, last, cancellationToken);

    /// <summary>Has the token of a call fire.</summary>
    public void SendCancel(uint streamId) => _connection.SendUrgent(FrameType.Cancel, streamId, default);

    /// <summary>The caller of a stream has room for more.</summary>
    public void GrantCredit(uint streamId, int bytes) => _connection.SendCreditFrame(streamId, bytes);

    /// <summary>Ends every call that is still awaited, because its project or the host stops.</summary>
    public void CutCalls()
    {
        foreach (var invocation in _slots.Open())
        {
            if (invocation.TryAbandon(this, Cut, Now, out var notice))
            {
                invocation.Notify(notice, inline: false);
            }
        }
    }

    public bool EndOverdue(long now)
    {
        var active = false;
        var debugged = _events?.Debugged == true;
        foreach (var invocation in _slots.Open())
        {
            active = true;
            if (debugged)
            {
                continue; // Who steps through a function wants to see it end.
            }

            if (invocation.AbandonedAt is var abandonedAt and not 0)
            {
                if (_time.GetElapsedTime(abandonedAt, now) > _cancelGrace && Interlocked.Exchange(ref _stuckReported, 1) == 0)
                {
                    _events?.OnStuck();
                }
            }
            else if (invocation.Deadline <= now && invocation.TryAbandon(this, TimedOut, now, out var notice, onlyIfDue: true))
            {
                invocation.Notify(notice, inline: false);
            }
        }

        return active;
    }

    public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_events is not { } events)
        {
            OnFirstFrame(header, payload);
            return;
        }

        switch (header.Type)
        {
            case FrameType.End or FrameType.Data:
                OnPart(header, payload);
                break;
            case FrameType.Error:
                OnError(header, payload);
                break;
            case FrameType.Head:
                OnHead(header, payload);
                break;
            case FrameType.Trailers:
                _slots.Find(header.StreamId)?.OnTrailers(HeadMessage.Decode(payload).Headers);
                break;
            case FrameType.Credit:
                _slots.Find(header.StreamId)?.SendCredit.Grant(FrameConnection.ReadCredit(payload));
                break;
            case FrameType.Ping:
                break; // Answered already.
            case FrameType.Log:
                _log.Use(payload.Length);
                events.OnLog(LogMessage.Decode(payload), _log, payload.Length);
                break;
            case FrameType.Dying:
                events.OnDying();
                break;
            case FrameType.Stats:
                events.OnStats(StatsMessage.Decode(payload));
                break;
            case FrameType.Ready when _messages.Add(header, payload, out var message):
                events.OnReady(ReadyMessage.Decode(message));
                break;
            case FrameType.LoadFailed when _messages.Add(header, payload, out var message):
                events.OnLoadFailed(LoadFailedMessage.Decode(message));
                break;
            case FrameType.Ready or FrameType.LoadFailed:
                break; // More of it is to come.
            default:
                throw new ProtocolException($"A worker does not send frames of type {header.Type} here.");
        }
    }

    public void OnEnd(ConnectionEnd end)
    {
        var lost = end.Reason == ConnectionEndReason.ProtocolError ? ProtocolBroken : WorkerLost;
        foreach (var invocation in _slots.End())
        {
            Fail(invocation, lost, inline: false);
        }

        _events?.OnEnded(end);
    }

    /// <summary>Ends the connection from this side.</summary>
    public void Dispose() => _connection.Dispose();

    // Whether calls follow one another so closely that batches are worth it. The time of the last call is written by whoever sends: a lost
    // update makes one frame leave a little sooner or later, no more.
    private bool NoteInvoke()
    {
        var now = _time.GetTimestamp();
        var last = Volatile.Read(ref _lastInvoke);
        Volatile.Write(ref _lastInvoke, now);
        return _slots.Count >= CallsWorthBatching && _time.GetElapsedTime(last, now) < GapWorthBatching;
    }

    private void OnFirstFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Type != FrameType.Hello || payload.Length > HelloMessage.MaxBytes)
        {
            throw new ProtocolException($"The first frame must be a hello, not {header.Type} of {payload.Length} bytes.");
        }

        _onHello(this, HelloMessage.Decode(payload));
    }

    private void OnPart(in FrameHeader header, ReadOnlySpan<byte> part)
    {
        if (_slots.Find(header.StreamId) is not { } invocation)
        {
            throw new ProtocolException($"A part of a result came on stream {header.StreamId}, which is not open.");
        }

        var target = invocation.Target;
        var last = header.Type == FrameType.End;

        // While it is still in its slot: where this throws, the connection's end ends it.
        var notice = invocation.OnPart(part, last);
        if (last && _slots.Close(header.StreamId))
        {
            End(invocation, target, notice, inline: true);
        }
        else
        {
            Notify(invocation, notice, inline: true);
        }
    }

    private void OnHead(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var head = HeadMessage.Decode(payload);
        if (_slots.Find(header.StreamId) is not { } invocation)
        {
            throw new ProtocolException($"The head of a response came on stream {header.StreamId}, which is not open.");
        }

        Notify(invocation, invocation.OnHead(new HttpHead(head.Status, head.Headers)), inline: true);
    }

    private void OnError(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var error = ErrorMessage.Decode(payload);
        if (_slots.Find(header.StreamId) is not { } invocation || !_slots.Close(header.StreamId))
        {
            throw new ProtocolException($"A failure came on stream {header.StreamId}, which is not open.");
        }

        var (outcome, reason) = error.Code switch
        {
            FailureCode.InvalidPayload => (InvocationOutcome.InvalidPayload, RejectionReason.None),
            FailureCode.Cancelled => (InvocationOutcome.Cancelled, RejectionReason.None),
            FailureCode.Draining => (InvocationOutcome.Rejected, RejectionReason.Draining),
            _ => (InvocationOutcome.FunctionFailed, RejectionReason.None),
        };
        Fail(invocation, new InvocationEnd(outcome, new InvocationError(error.Message, error.ExceptionType, error.Field), reason), inline: true);
    }

    private void Fail(Invocation invocation, in InvocationEnd end, bool inline) =>
        End(invocation, invocation.Target, invocation.OnFailed(end), inline);

    // Where every call ends, however it does, by whoever took it out of its slot: its places are given back, then its caller is notified. The target
    // is from before that was decided, since the object may be another call's by now.
    private void End(Invocation invocation, FunctionTarget target, Notice notice, bool inline)
    {
        target.Exit();
        Notify(invocation, notice, inline);
    }

    // Inline, the continuation writes the response on the reader's thread, which saves a wake-up, unless the app's code has lately kept it too long.
    private void Notify(Invocation invocation, Notice notice, bool inline)
    {
        if (notice == Notice.None)
        {
            return;
        }

        if (!inline || !_inline.TryAllow(_connection.Takeovers))
        {
            invocation.Notify(notice, inline: false);
            return;
        }

        var mark = _connection.EnterForeignCode();
        invocation.Notify(notice, inline: true);
        _connection.ExitForeignCode(mark);
    }
}
