namespace CloudFunction.Runtime.Projects;

/// <summary>What is kept on disk of a function.</summary>
/// <param name="CreatedAt">When it was first found.</param>
/// <param name="LastExecuted">When it was last called, or null.</param>
/// <param name="ExecutionCount">How often it was called.</param>
/// <param name="Disabled">Whether an operator has disabled it.</param>
internal sealed record FunctionState(DateTimeOffset CreatedAt, DateTimeOffset? LastExecuted, long ExecutionCount, bool Disabled = false);
