namespace CloudFunction.Protocol.Messages;

/// <summary>A function as its worker describes it. Its place in <see cref="ReadyMessage.Functions"/> is its number in invoke frames.</summary>
/// <param name="Name">Unique in the deployment.</param>
/// <param name="Description">What it does, or null.</param>
/// <param name="Kind">A <see cref="FunctionKind"/>.</param>
/// <param name="TimeoutMilliseconds">Its own timeout, or 0.</param>
/// <param name="MaxConcurrent">Its own limit, or 0.</param>
/// <param name="MaxAttempts">Its own number of attempts, or 0.</param>
/// <param name="Parameters">JSON Schema of the request; empty where not asked for.</param>
/// <param name="Response">JSON Schema of the result; empty where not asked for.</param>
/// <param name="Schedules">When it runs by itself.</param>
internal sealed record FunctionDescription(
    string Name,
    string? Description,
    byte Kind,
    long TimeoutMilliseconds,
    int MaxConcurrent,
    int MaxAttempts,
    byte[] Parameters,
    byte[] Response,
    IReadOnlyList<ScheduleDescription> Schedules);
