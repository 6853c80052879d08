using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>What is known of a project at one moment.</summary>
/// <param name="Name">Its name; as on disk, and so possibly invalid, where the status is <see cref="ProjectStatus.Failed"/> for that reason.</param>
/// <param name="Status">What it can do.</param>
/// <param name="Version">The deployment that serves, or null.</param>
/// <param name="Functions">The functions of that deployment, by name.</param>
/// <param name="EnvironmentKeys">The names in its <c>.env</c>, in the file's order. Values are never handed out.</param>
/// <param name="Dependencies">The packages it was built with, as <c>Name==1.2.3</c>.</param>
/// <param name="Workers">Its workers, retired ones included.</param>
/// <param name="LastError">Why it is failed or unhealthy, or the last crash; null where there was none.</param>
/// <param name="CreatedAt">When the host first found it.</param>
/// <param name="UpdatedAt">When its serving version or its status was last changed by a deploy, start or stop.</param>
internal sealed record ProjectInfo(
    string Name,
    ProjectStatus Status,
    int? Version,
    IReadOnlyList<FunctionInfo> Functions,
    IReadOnlyList<string> EnvironmentKeys,
    IReadOnlyList<string> Dependencies,
    IReadOnlyList<WorkerInfo> Workers,
    string? LastError,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
