namespace CloudFunction.Runtime.Bodies;

/// <summary>Where bodies are held while their calls wait, run or are answered: memory for small ones, as far as there is some, and files
/// for the others. Thread safe.</summary>
/// <param name="files">Where bodies go beyond that memory.</param>
/// <param name="maxMemoryBytes">How much memory all bodies may take together.</param>
/// <param name="time">The clock of those that wait for room.</param>
internal sealed class BodyStore(BodyFiles files, long maxMemoryBytes, TimeProvider time)
{
    private readonly FairPool _memory = new(maxMemoryBytes);

    /// <summary>How much memory is taken.</summary>
    public long MemoryBytes => _memory.Used;

    /// <summary>The clock of those that wait for room.</summary>
    public TimeProvider Time => time;

    /// <summary>A place for one body.</summary>
    /// <param name="budget">What it counts against.</param>
    /// <param name="project">The project that answers for the body.</param>
    public BodyBuffer Open(BodyBudget budget, string project) => new(this, budget, project);

    /// <summary>Takes memory, where there is some for the project; what finds none goes into a file.</summary>
    public bool TryTakeMemory(string project, int bytes) => _memory.TryTake(project, bytes);

    /// <summary>Gives memory back.</summary>
    public void ReleaseMemory(string project, long bytes) => _memory.Release(project, bytes);

    /// <inheritdoc cref="BodyFiles.TryCreate"/>
    public BodyFile? TryCreateFile(string project) => files.TryCreate(project);
}
