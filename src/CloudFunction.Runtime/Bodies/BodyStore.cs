namespace CloudFunction.Runtime.Bodies;

/// <summary>Where bodies are held while their calls wait, run or are answered: memory for small ones, as far as there is some, and files for the others. Thread
/// safe.</summary>
/// <param name="files">The files.</param>
/// <param name="maxMemoryBytes">How much memory all bodies may take together.</param>
internal sealed class BodyStore(BodyFiles files, long maxMemoryBytes)
{
    private long _memory;

    /// <summary>How much memory is taken.</summary>
    public long MemoryBytes => Interlocked.Read(ref _memory);

    /// <summary>A place for one body.</summary>
    /// <param name="budget">What it counts against.</param>
    /// <param name="project">Whose it is.</param>
    public BodyBuffer Open(BodyBudget budget, string project) => new(this, budget, project);

    internal bool TryTakeMemory(int bytes)
    {
        if (Interlocked.Add(ref _memory, bytes) <= maxMemoryBytes)
        {
            return true;
        }

        ReleaseMemory(bytes);
        return false;
    }

    internal void ReleaseMemory(long bytes) => Interlocked.Add(ref _memory, -bytes);

    internal BodyFile? TryCreateFile() => files.TryCreate();
}
