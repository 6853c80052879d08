namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>What an open store holds of its file.</summary>
internal sealed record OpenTaskStore(ValueFiles Files, TaskKeys Keys, TaskWriter Writer, ReaderPool Readers)
{
    /// <summary>Deletes what finished long ago.</summary>
    public TaskSweep Sweep { get; } = new(Writer, Readers, Files);
}
