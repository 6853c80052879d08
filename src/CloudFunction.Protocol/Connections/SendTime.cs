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
}
