namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>Takes what a <see cref="BatchThread{T}"/> was given, on that thread alone. Disposing of it is the last call.</summary>
internal interface IBatchSink<in T> : IDisposable
{
    /// <summary>Takes one; it may keep it until <see cref="EndBatch"/>.</summary>
    void Take(T item);

    /// <summary>Nothing more waits, or enough was taken: writes it all.</summary>
    void EndBatch();

    /// <summary>Nothing has come for a while.</summary>
    void Rest();
}
