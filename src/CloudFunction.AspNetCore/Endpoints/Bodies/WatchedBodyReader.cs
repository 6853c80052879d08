using System.Buffers;
using System.IO.Pipelines;
using CloudFunction.AspNetCore.Connections;
using CloudFunction.AspNetCore.Transfers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>A request's body that its client must send in time: a read that waits too long ends with a <see cref="BodyTimeoutException"/>.</summary>
internal sealed class WatchedBodyReader : PipeReader
{
    private static readonly TimeSpan AbortBound = TimeSpan.FromSeconds(2);

    private readonly PipeReader _inner;
    private readonly CancellationToken _aborted;
    private readonly TransferWatch _watch;
    private readonly Receipt _receipt;
    private ReadOnlySequence<byte> _buffer;
    private bool _isOpen;
    private long _consumed;

    public WatchedBodyReader(HttpContext context, string project, TransferWatch watch, TransferLimits limits)
    {
        _inner = context.Request.BodyReader;
        _aborted = context.RequestAborted;
        _watch = watch;
        _receipt = new Receipt(context.Features.Get<BoundedConnection>(), _inner, project, limits);
        ServerBodyRate.Lift(context);
    }

    /// <summary>Reads what is there of a request's own reader, which nobody has to be waited for.</summary>
    /// <exception cref="BadHttpRequestException">It is not as HTTP has it.</exception>
    public static bool TryRead(PipeReader body, out ReadResult result)
    {
        try
        {
            return body.TryRead(out result);
        }
        catch (IOException exception) when (IsUnreadable(exception))
        {
            throw Unreadable(exception);
        }
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = _inner.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Take(read.GetAwaiter().GetResult())) : WaitAsync(read);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!TryRead(_inner, out result))
        {
            return false;
        }

        result = Take(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _consumed += _buffer.Slice(0, consumed).Length;
        (_buffer, _isOpen) = (default, false);
        _inner.AdvanceTo(consumed, examined);
    }

    /// <summary>Gives the body back to the server, as if what was read last and not advanced over had not been read.</summary>
    public void Leave()
    {
        if (_isOpen)
        {
            AdvanceTo(_buffer.Start);
        }
    }

    public override void CancelPendingRead() => _inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read)
    {
        _watch.Begin(_receipt);
        try
        {
            return Take(await read.ConfigureAwait(false));
        }
        catch (IOException exception) when (IsUnreadable(exception))
        {
            throw Unreadable(exception);
        }
        catch (ConnectionResetException)
        {
            // The server learns of it a moment later. By then the request must not have ended: it would try to read the rest, and log that it cannot.
            await Task.Delay(AbortBound, _aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        finally
        {
            _watch.End(_receipt);
        }
    }

    // Kestrel has this for chunk sizes beyond all measure. What reads and writes files further up takes it for a disk's error.
    private static bool IsUnreadable(IOException exception) => exception is not (BadHttpRequestException or ConnectionResetException);

    private static BadHttpRequestException Unreadable(IOException exception) => new("The request's body cannot be read.", exception);

    private ReadResult Take(in ReadResult read)
    {
        if (_receipt.Passed != TransferLimit.None)
        {
            _inner.AdvanceTo(read.Buffer.Start);
            throw new BodyTimeoutException(_receipt.Passed);
        }

        (_buffer, _isOpen) = (read.Buffer, true);
        _receipt.Came(_consumed + read.Buffer.Length);
        return read;
    }

    private sealed class Receipt(BoundedConnection? connection, PipeReader reader, string project, TransferLimits limits) : Transfer(project, limits)
    {
        public TransferLimit Passed { get; private set; }

        public void Came(long bytes) => Bytes = bytes;

        protected override void CloseConnection() => connection?.RequestClose();

        public override void Cut(TransferLimit limit)
        {
            if (Passed != TransferLimit.None)
            {
                return;
            }

            Passed = limit;
            try
            {
                reader.CancelPendingRead();
            }
            catch (Exception)
            {
                // The app's reader, or one whose request was aborted (Kestrel's throws then): the read ends by itself.
            }
        }
    }
}
