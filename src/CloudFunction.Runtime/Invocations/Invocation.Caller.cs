using System.Threading.Tasks.Sources;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>The caller's side: the result, and what ends the call early.</summary>
internal sealed partial class Invocation : InvocationResult, IValueTaskSource<InvocationResult>
{
    public override InvocationOutcome Outcome => _end.Outcome;

    public override RejectionReason Reason => _end.Reason;

    public override InvocationError? Error => _end.Error;

    public override string InvocationId => Invocations.InvocationId.Format(_id);

    public override TimeSpan ExecutionTime => _executionTime;

    public override ItemEncoding Items => Target.Kind == FunctionKind.Streaming ? WantedItems : ItemEncoding.Array;

    public override HttpHead? Head => _head;

    public override IReadOnlyList<KeyValuePair<string, string>> Trailers => _trailers;

    public override ReadOnlyMemory<byte> Payload => _parts.Current;

    public override bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return _end.Outcome != InvocationOutcome.Succeeded || _parts.IsComplete;
            }
        }
    }

    /// <summary>What the caller awaits: it ends with this object once the first part of the result or a failure is there.</summary>
    public ValueTask<InvocationResult> Begun => new(this, _begun.Version);

    public override ValueTask ReadAsync()
    {
        int grant;
        ValueTask next;
        lock (_lock)
        {
            grant = _streamOpen ? _receiveCredit.Release(_parts.Current.Length) : 0;
            next = _parts.NextAsync();
        }

        if (grant > 0)
        {
            Worker.GrantCredit(StreamId, grant);
        }

        return next;
    }

    public override void Cancel() => Abandon(InvocationEnd.TakenBack);

    public override void Fail(InvocationError error) => Abandon(new InvocationEnd(InvocationOutcome.FunctionFailed, error));

    public override async ValueTask<Exception?> StopSendingAsync()
    {
        if (_payload.Sending is not { } sending)
        {
            return null;
        }

        lock (_lock)
        {
            _payload.Stop();
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

            _parts.Clear();
            _disposed = true;
            if (_streamOpen && !_abandoned)
            {
                Abandon(Worker.Now, new InvocationEnd(InvocationOutcome.Cancelled));
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

    private void Abandon(in InvocationEnd end)
    {
        var worker = Worker;
        if (TryAbandon(worker, end, worker.Now, out var notice))
        {
            Notify(notice, inline: false);
        }
    }
}
