namespace CloudFunction.Protocol.Connections;

/// <summary>When a frame that is added leaves.</summary>
internal enum SendTime
{
    /// <summary>At once, on this thread, unless another is sending.</summary>
    Now,

    /// <summary>When the reader, which this thread is, has handled what it has read.</summary>
    AtBatchEnd,

    /// <summary>With what the reader, which is another thread, is about to send; at once where it waits for bytes.</summary>
    WithReader,

    /// <summary>As <see cref="WithReader"/>, but where the reader waits, with what others add before the thread pool comes to it: fewer system
    /// calls and wake-ups of the peer for some microseconds of waiting, which pays where many calls are under way.</summary>
    WithOthers,
}
