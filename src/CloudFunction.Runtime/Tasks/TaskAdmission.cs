using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks;

/// <summary>What became of a request for a task.</summary>
/// <param name="Rejection">Why nothing was stored: no such project or function, stopped, disabled. Null where the store was asked.</param>
/// <param name="Result">What the store answered; of no meaning where there is a rejection.</param>
internal readonly record struct TaskAdmission(Rejection? Rejection, EnqueueResult Result);
