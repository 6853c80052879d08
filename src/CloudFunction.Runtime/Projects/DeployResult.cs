namespace CloudFunction.Runtime.Projects;

/// <summary>What a deployment has brought.</summary>
/// <param name="Project">The project as it is now.</param>
/// <param name="Version">The version that serves now.</param>
/// <param name="Functions">The names of its functions, sorted.</param>
/// <param name="Changes">Against what served before.</param>
/// <param name="Timings">Where the time went.</param>
internal sealed record DeployResult(ProjectInfo Project, int Version, IReadOnlyList<string> Functions, FunctionChanges Changes, DeployTimings Timings)
{
    /// <summary>Of a project that has something live since.</summary>
    public static DeployResult Of(Project project, ProjectOutcome outcome) => new(
        project.Describe(),
        project.Live[0].Deployment.Version,
        [.. project.Live.SelectMany(live => live.Routes.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        outcome.Changes,
        outcome.Timings);
}
