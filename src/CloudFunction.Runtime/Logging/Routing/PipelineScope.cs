namespace CloudFunction.Runtime.Logging.Routing;

/// <summary>How much of the process's log is the pipeline's business.</summary>
/// <param name="IsWholeHost">All categories and the console; else what <c>CloudFunction.*</c> writes to files, because the rest is the app's.</param>
/// <param name="Floors">Categories that are held back.</param>
internal sealed record PipelineScope(bool IsWholeHost, IReadOnlyList<CategoryFloor> Floors)
{
    /// <summary>That of an app with a console of its own.</summary>
    public static PipelineScope OwnCategories { get; } = new(false, []);
}
