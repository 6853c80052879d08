namespace CloudFunction.Runtime.Tasks;

/// <summary>What was stored under an Idempotency-Key.</summary>
/// <param name="IsSamePayload">Whether the payload now is the one it was stored with; false is a conflict.</param>
/// <param name="Task">The task that was made; null where the call was a synchronous one.</param>
/// <param name="Outcome">The synchronous call's outcome, as it was handed over; null where a task was made.</param>
internal sealed record IdempotencyRecord(bool IsSamePayload, TaskId? Task, StoredValue? Outcome);
