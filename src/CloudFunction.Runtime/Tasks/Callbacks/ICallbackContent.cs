namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>Gives what a callback contains. Written when it is sent: stored, every result would be there twice.</summary>
internal interface ICallbackContent
{
    /// <summary>The finished task as JSON in UTF-8, the same bytes for every try; null where the task is gone or not finished, having
    /// been run again.</summary>
    /// <exception cref="TaskStoreException">It cannot be read now.</exception>
    Task<ReadOnlyMemory<byte>?> ReadAsync(TaskId task, CancellationToken cancellationToken);
}
