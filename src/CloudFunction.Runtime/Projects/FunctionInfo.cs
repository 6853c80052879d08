namespace CloudFunction.Runtime.Projects;

/// <summary>What is known of a function at one moment.</summary>
/// <param name="Name">Valid, and the only one in its project.</param>
/// <param name="Description">From its attribute, or null.</param>
/// <param name="Parameters">JSON Schema of the request, as UTF-8 JSON.</param>
/// <param name="Response">JSON Schema of the result, as UTF-8 JSON.</param>
/// <param name="CreatedAt">When a deployment first brought it.</param>
/// <param name="UpdatedAt">When the serving deployment was made.</param>
/// <param name="LastExecuted">When its last invocation ended, or null.</param>
/// <param name="ExecutionCount">How many invocations were dispatched, over all restarts.</param>
/// <param name="Disabled">Whether an operator has disabled it: it takes no calls until it is deployed by itself.</param>
internal sealed record FunctionInfo(
    string Name,
    string? Description,
    ReadOnlyMemory<byte> Parameters,
    ReadOnlyMemory<byte> Response,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? LastExecuted,
    long ExecutionCount,
    bool Disabled = false);
