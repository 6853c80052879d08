namespace CloudFunction.Runtime.Projects;

/// <summary>One change of what serves a project.</summary>
/// <param name="Choose">Says what is to serve, the active version first, and stages it where it must; throws where there is nothing that could.</param>
/// <param name="ReadVariables">Says the environment of the new workers; throws where that is wrong.</param>
internal sealed record ProjectSwitch(Func<CancellationToken, Task<IReadOnlyList<WeightedDeployment>>> Choose, Func<ProjectVariables> ReadVariables)
{
    /// <summary>Called once all is loaded and before it serves: makes lasting what belongs to the change, or throws, and then it is called off.</summary>
    public Action<IReadOnlyList<LiveDeployment>>? Commit { get; init; }

    /// <summary>Whether what is chosen is the content of the project's folder, now or after <see cref="Commit"/>.</summary>
    public bool IsFolder { get; init; }

    /// <summary>Whether workers that run one of the chosen versions already go on with it.</summary>
    public bool KeepsWorkers { get; init; }

    /// <summary>Whether something else is tried at once where this fails: then calls go on waiting.</summary>
    public bool HasFallback { get; init; }

    /// <summary>Whether no worker is to be started where one has loaded the version before: the first call does.</summary>
    public bool AtRest { get; init; }
}
