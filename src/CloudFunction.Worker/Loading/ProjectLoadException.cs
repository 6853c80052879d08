namespace CloudFunction.Worker.Loading;

/// <summary>Why a deployment cannot be loaded. The message lists every problem, each with its fix.</summary>
internal sealed class ProjectLoadException : Exception
{
    /// <param name="problems">At least one, each a sentence or more.</param>
    /// <param name="innerException">What caused it, where there is one cause.</param>
    public ProjectLoadException(IReadOnlyList<string> problems, Exception? innerException = null)
        : base(string.Join(Environment.NewLine, problems), innerException) => Problems = problems;

    /// <summary>What is wrong, one entry for each problem.</summary>
    public IReadOnlyList<string> Problems { get; }
}
