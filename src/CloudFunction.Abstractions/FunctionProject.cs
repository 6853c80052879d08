namespace CloudFunction;

/// <summary>The project that a worker runs. A singleton among the project's services, for what is made before any invocation; an invocation's
/// <see cref="FunctionContext"/> says the same.</summary>
public sealed class FunctionProject
{
    /// <summary>The project's name.</summary>
    public required string Name { get; init; }

    /// <summary>The number of the deployment that runs, counted from 1 in each project.</summary>
    public required int Version { get; init; }

    /// <summary>A directory of the project's own that outlives deployments and restarts. It exists. All workers of the project share it.</summary>
    public required string DataDirectory { get; init; }
}
