namespace CloudFunction.Worker;

/// <summary>Which deployment a worker loads.</summary>
/// <param name="Project">The project's name.</param>
/// <param name="Version">The deployment's number, counted from 1 in each project.</param>
/// <param name="DeploymentDirectory">The folder that the deployment was staged to.</param>
/// <param name="DataDirectory">The project's own durable folder. Made at load where it is missing.</param>
internal sealed record ProjectSettings(string Project, int Version, string DeploymentDirectory, string DataDirectory)
{
    /// <summary>The environment variables of its configuration; null for the process's.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>The assembly-qualified name of a startup class that runs after the project's own; null for none.</summary>
    public string? Startup { get; init; }
}
