using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Transports;

namespace CloudFunction.Protocol.Connections;

/// <summary>
/// One end of the multiplexed connection between a host and a worker: reads and batches frames, answers pings, keeps the connection's
/// credit. What frames mean is its handler's. Thread safe.
/// </summary>
internal sealed class FrameConnection : IThreadPoolWorkItem, IDisposable
{
    private readonly Transport _transport;
    private readonly IFrameHandler _handler;
    private readonly FrameReader _reader;
    private readonly FrameWriter _writer;
    private readonly SendCredit _sendCredit = new(CreditWindows.ConnectionBytes);
    private readonly TaskCompletionSource<ConnectionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReceiveCredit _receiveCredit = new(CreditWindows.ConnectionBytes);
    private ConnectionEnd? _reason;
    private int _readerEnded;
    private int _flushQueued;
    private long _lastPong = Stopwatch.GetTimestamp();

    /// <summary>Makes a connection that is silent until <see cref="Start"/>.</summary>
    /// <param name="transport">Owned from now on.</param>
    /// <param name="handler">Receives the frames.</param>
    public FrameConnection(Transport transport, IFrameHandler handler)
    {
        _transport = transport;
        _handler = handler;
        _writer = new FrameWriter(transport, e => Close(new ConnectionEnd(ConnectionEndReason.TransportFailed, e.Message)));
        _reader = new FrameReader(transport, _writer, new ConnectionFrames(this), OnReaderEnd, Close);
    }

    /// <summary>Ends when the connection has ended, after <see cref="IFrameHandler.OnEnd"/>. Never fails.</summary>
    public Task<ConnectionEnd> Ended => _ended.Task;

    /// <summary>How long ago the peer last sent a pong.</summary>
    public TimeSpan SinceLastPong => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastPong));

    /// <summary>How often foreign code kept this end's reader too long.</summary>
    public long Takeovers => _reader.Takeovers;

    /// <summary>Bytes that wait to be sent.</summary>
    public long QueuedBytes => _writer.QueuedBytes;

    /// <summary>Begins to read.</summary>
    public void Start() => _reader.Start();

    /// <inheritdoc cref="FrameReader.Enter"/>
    public long EnterForeignCode() => _reader.Enter();

    /// <inheritdoc cref="FrameReader.Exit"/>
    public bool ExitForeignCode(long mark) => _reader.Exit(mark);

    /// <summary>Sends a frame that costs no credit.</summary>
    public void Send(FrameType type, uint streamId, ReadOnlySpan<byte> payload, FrameFlags flags = FrameFlags.None) =>
        _writer.Write(type, flags, streamId, payload, default);

    /// <summary>Sends a frame that costs no credit, before all that wait.</summary>
    public void SendUrgent(FrameType type, uint streamId, ReadOnlySpan<byte> payload) => _writer.WriteUrgent(type, streamId, payload);

    /// <summary>Sends a message of any length on stream 0, in as many frames as it takes.</summary>
    public void SendMessage(FrameType type, ReadOnlySpan<byte> message)
    {
        while (message.Length > FrameHeader.MaxPayloadBytes)
        {
            _writer.Append(type, FrameFlags.More, 0, message[..FrameHeader.MaxPayloadBytes]);
            message = message[FrameHeader.MaxPayloadBytes..];
        }

        _writer.Write(type, FrameFlags.None, 0, message, default);
    }

    /// <summary>Sends a frame with payload where the connection has credit for it at once.</summary>
    /// <param name="type">Invoke, data or end.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="streamId">Which stream; its own credit is the caller's to take.</param>
    /// <param name="head">The payload's first part.</param>
    /// <param name="body">Its second.</param>
    /// <param name="time">When it leaves.</param>
    /// <returns>False where there was no credit and nothing was sent.</returns>
    public bool TrySendPayload(
        FrameType type, FrameFlags flags, uint streamId, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, SendTime time = SendTime.Now)
    {
        if (!_sendCredit.TryTake(head.Length + body.Length))
        {
            return false;
        }

        switch (time)
        {
            case SendTime.AtBatchEnd:
                _writer.Append(type, flags, streamId, head, body);
                break;
            case SendTime.WithReader:
            case SendTime.WithOthers:
                _writer.Append(type, flags, streamId, head, body);
                Interlocked.MemoryBarrier(); // The frame is there before the reader is checked; see FrameReader.ReadFrames.
                if (!_reader.Waiting)
                {
                    break;
                }

                if (time == SendTime.WithReader)
                {
                    _writer.Flush();
                }
                else if (Interlocked.Exchange(ref _flushQueued, 1) == 0)
                {
                    // Behind the requests that wait for a thread already: their frames leave with this one.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }

                break;
            default:
                _writer.Write(type, flags, streamId, head, body);
                break;
        }

        return true;
    }

    /// <summary>Waits until <see cref="TrySendPayload"/> may succeed for so many bytes.</summary>
    /// <param name="streamCredit">The stream's credit: its end ends the wait too, so that a call whose time is up does not wait for others.</param>
    /// <param name="bytes">At most a window.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="IOException">The stream or connection has ended.</exception>
    public async Task WaitForCreditAsync(SendCredit streamCredit, int bytes, CancellationToken cancellationToken)
    {
        using var decided = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = streamCredit.WaitForEndAsync(decided.Token);
        var granted = _sendCredit.WaitAsync(bytes, decided.Token);
        var first = ended.IsCompleted ? ended : await Task.WhenAny(granted, ended).ConfigureAwait(false);
        await decided.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(granted, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    /// <summary>Sends a payload of any length on a stream, as the stream's and the connection's credit allow.</summary>
    /// <param name="streamId">Which stream.</param>
    /// <param name="streamCredit">That stream's credit.</param>
    /// <param name="payload">What to send; it may be changed once the task has ended.</param>
    /// <param name="last">Whether the last frame is an <see cref="FrameType.End"/>; else all are <see cref="FrameType.Data"/>.</param>
    /// <param name="cancellationToken">Stops between two frames.</param>
    /// <exception cref="IOException">The stream or connection has ended.</exception>
    public async ValueTask SendPayloadAsync(
        uint streamId, SendCredit streamCredit, ReadOnlySequence<byte> payload, bool last, CancellationToken cancellationToken)
    {
        while (!payload.IsEmpty)
        {
            // One segment at a time, so that a frame is one copy; segments are about as large as frames.
            var chunk = payload.First;
            var granted = await TakeCreditAsync(streamCredit, Math.Min(chunk.Length, FrameHeader.MaxPayloadBytes), cancellationToken)
                .ConfigureAwait(false);
            chunk = chunk[..granted];
            payload = payload.Slice(granted);
            _writer.Write(last && payload.IsEmpty ? FrameType.End : FrameType.Data, FrameFlags.None, streamId, chunk.Span, default);
            if (payload.IsEmpty)
            {
                return;
            }
        }

        if (last)
        {
            _writer.Write(FrameType.End, FrameFlags.None, streamId, default, default);
        }
    }

    /// <summary>Grants credit on a stream.</summary>
    public void SendCreditFrame(uint streamId, int bytes) => SendNumber(FrameType.Credit, streamId, bytes);

    /// <summary>Grants credit for log records.</summary>
    public void SendLogCredit(int bytes) => SendNumber(FrameType.LogCredit, 0, bytes);

    /// <summary>Reads the payload of a credit frame.</summary>
    /// <exception cref="ProtocolException">It is none.</exception>
    public static int ReadCredit(ReadOnlySpan<byte> payload) =>
        payload.Length == sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(payload) is > 0 and var bytes
            ? bytes
            : throw new ProtocolException("A credit frame must hold a positive number of four bytes.");

    /// <summary>Sends a ping.</summary>
    public void Ping()
    {
        Span<byte> payload = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(payload, Stopwatch.GetTimestamp());
        SendUrgent(FrameType.Ping, 0, payload);
    }

    /// <summary>Ends the connection. The first reason wins.</summary>
    public void Close(ConnectionEnd end)
    {
        Interlocked.CompareExchange(ref _reason, end, null);
        _transport.Close(); // The reader wakes, and reports the rest.
    }

    /// <summary>Ends the connection from this side.</summary>
    public void Dispose() => Close(new ConnectionEnd(ConnectionEndReason.Closed, "This side closed the connection."));

    // The flush that a frame sent with others has asked for.
    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _flushQueued, 0); // Before the flush: a frame that comes too late for it asks for another.
        _writer.Flush();
    }

    private void SendNumber(FrameType type, uint streamId, int number)
    {
        Span<byte> payload = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        SendUrgent(type, streamId, payload);
    }

    private async ValueTask<int> TakeCreditAsync(SendCredit streamCredit, int wanted, CancellationToken cancellationToken)
    {
        int ofStream;
        while ((ofStream = streamCredit.TakeUpTo(wanted)) == 0)
        {
            await streamCredit.WaitAsync(1, cancellationToken).ConfigureAwait(false);
        }

        int granted;
        while ((granted = _sendCredit.TakeUpTo(ofStream)) == 0)
        {
            await WaitForCreditAsync(streamCredit, 1, cancellationToken).ConfigureAwait(false);
        }

        streamCredit.Grant(ofStream - granted);
        return granted;
    }

    // Granted again as they come, not as they are consumed: how much of a stream waits here is bounded by its own credit, and streams that
    // nobody reads must not keep the others waiting.
    private void Receive(int bytes)
    {
        _receiveCredit.Use(bytes);
        if (_receiveCredit.Release(bytes) is > 0 and var grant)
        {
            SendCreditFrame(0, grant);
        }
    }

    private void OnReaderEnd(ConnectionEnd end)
    {
        if (Interlocked.Exchange(ref _readerEnded, 1) != 0)
        {
            return; // A reader that was taken over failed as well.
        }

        end = Interlocked.CompareExchange(ref _reason, end, null) ?? end;
        _transport.Close();
        _writer.End();
        _sendCredit.End();
        _handler.OnEnd(end);
        _ended.TrySetResult(end);
    }

    // What is the connection's own business is done here; all else is the handler's.
    private sealed class ConnectionFrames(FrameConnection connection) : IFrameHandler
    {
        public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
        {
            switch (header.Type)
            {
                case FrameType.Ping:
                    RequirePing(payload);
                    connection.SendUrgent(FrameType.Pong, 0, payload);
                    break; // The handler may have something to add.
                case FrameType.Pong:
                    RequirePing(payload);
                    Volatile.Write(ref connection._lastPong, Stopwatch.GetTimestamp());
                    return;
                case FrameType.Credit when header.StreamId == 0:
                    connection._sendCredit.Grant(ReadCredit(payload));
                    return;
                case FrameType.Invoke or FrameType.Data or FrameType.End:
                    connection.Receive(payload.Length);
                    break;
            }

            connection._handler.OnFrame(header, payload);
        }

        public void OnEnd(ConnectionEnd end) => connection._handler.OnEnd(end);

        private static void RequirePing(ReadOnlySpan<byte> payload)
        {
            if (payload.Length != sizeof(long))
            {
                throw new ProtocolException($"A ping must hold 8 bytes, not {payload.Length}.");
            }
        }
    }
}
