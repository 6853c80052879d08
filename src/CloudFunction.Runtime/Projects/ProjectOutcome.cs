namespace CloudFunction.Runtime.Projects;

/// <summary>What bringing a project to a wanted state has brought.</summary>
/// <param name="Changes">Of the functions that are live.</param>
/// <param name="Timings">Where the time went.</param>
internal sealed record ProjectOutcome(FunctionChanges Changes, DeployTimings Timings)
{
    /// <summary>Nothing had to be done.</summary>
    public static ProjectOutcome Nothing { get; } = new(new FunctionChanges([], [], []), new DeployTimings(default, default, default));
}
