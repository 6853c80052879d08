using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>Decides what follows from how an attempt ended.</summary>
internal static class AttemptJudge
{
    // Long enough for a worker to be replaced; a project that is stopped or unhealthy is asked for at that pace only by tasks that were under way.
    private static readonly TimeSpan RequeueDelay = TimeSpan.FromSeconds(1);

    public static AttemptEnd Judge(InvocationOutcome outcome, InvocationError? error, int attempt, bool isCancelRequested)
    {
        var verdict = outcome switch
        {
            InvocationOutcome.Succeeded => AttemptVerdict.Complete,
            _ when isCancelRequested => AttemptVerdict.Cancel,

            // What it was called with, or for, will be the same the next time.
            InvocationOutcome.InvalidPayload or InvocationOutcome.NotFound => AttemptVerdict.Fail,

            // Nobody asked for that but the host, which stops or has no worker: no fault of the function's.
            InvocationOutcome.Rejected or InvocationOutcome.Cancelled => AttemptVerdict.Requeue,
            _ => AttemptVerdict.Retry,
        };
        return new AttemptEnd(verdict, outcome)
        {
            Error = error,
            Delay = verdict switch
            {
                AttemptVerdict.Retry => RetryBackoff.Standard.DelayAfter(attempt, Random.Shared),
                AttemptVerdict.Requeue => RequeueDelay,
                _ => TimeSpan.Zero,
            },
        };
    }
}
