using System.IO.Pipelines;

namespace CloudFunction.Runtime.Tests.Invocations;

/// <summary>A body that tells how often it was read.</summary>
internal sealed class WatchedReader(PipeReader inner) : PipeReader
{
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _reads);
        return inner.ReadAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
