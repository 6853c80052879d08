namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>What an open store holds of its file.</summary>
/// <param name="Files">Its large values.</param>
/// <param name="Keys">Where ids come from.</param>
/// <param name="Writer">The one thread that writes.</param>
/// <param name="Readers">The connections that read.</param>
internal sealed record OpenTaskStore(ValueFiles Files, TaskKeys Keys, TaskWriter Writer, ReaderPool Readers)
{
    /// <summary>Deletes what finished long ago.</summary>
    public TaskSweep Sweep { get; } = new(Writer, Readers, Files);
}
