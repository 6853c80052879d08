using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks;

/// <summary>A task without what may be large: its payload, its result and its attempts.</summary>
/// <param name="Id">Ascends from task to task.</param>
/// <param name="Project">Whose function it calls.</param>
/// <param name="Function">Which function.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Attempts">How many attempts have started.</param>
/// <param name="AttemptLimit">How many may start in all. Running a failed task again and cutting an attempt by a drain raise it.</param>
/// <param name="CreatedAt">When it was stored.</param>
/// <param name="UpdatedAt">When its status last changed; of a finished task, when it finished.</param>
/// <param name="DueAt">When the next attempt may start; of interest only while it waits for one.</param>
/// <param name="IsCancelRequested">Whether a running task was asked to end.</param>
/// <param name="Error">Why it failed, or why the attempt before failed; null where nothing did.</param>
/// <param name="Terms">What its maker asked for.</param>
internal sealed record TaskSummary(
    TaskId Id,
    string Project,
    string Function,
    FunctionTaskStatus Status,
    int Attempts,
    int AttemptLimit,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset DueAt,
    bool IsCancelRequested,
    InvocationError? Error,
    TaskTerms Terms);
