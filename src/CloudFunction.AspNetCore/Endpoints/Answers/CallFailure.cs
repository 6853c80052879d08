using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>What the contract answers where an invocation did not succeed.</summary>
internal static class CallFailure
{
    private const string NoMessage = "The invocation failed.";

    public static ApiError ToApiError(InvocationResult result, string project, string function) => result.Outcome switch
    {
        InvocationOutcome.NotFound or InvocationOutcome.Rejected =>
            ToApiError(result.Rejection ?? new Rejection(result.Reason, result.Error?.Message ?? NoMessage), project, function),
        _ => ToApiError(result.Outcome, result.Error ?? new InvocationError(NoMessage), result.InvocationId),
    };

    /// <summary>Of a call whose result had begun.</summary>
    public static ApiError ToApiError(InvocationBrokenException broken, string project, string function) =>
        broken.Outcome == InvocationOutcome.Rejected
            ? ToApiError(new Rejection(broken.Reason, broken.Message), project, function)
            : ToApiError(broken.Outcome, broken.Error, broken.InvocationId);

    /// <summary>Of a call that was not let in.</summary>
    public static ApiError ToApiError(Rejection rejection, string project, string function) => rejection.Reason switch
    {
        RejectionReason.FunctionNotFound => ApiError.NoSuchFunction(project, function),
        RejectionReason.ProjectNotFound => ApiError.NoSuchProject(project),
        RejectionReason.ProjectStopped => ApiError.Conflict("project", "stopped", rejection.Message),
        RejectionReason.HttpFunction => new(StatusCodes.Status400BadRequest, ApiErrorCode.InvalidParameters, rejection.Message)
        {
            Field = "function",
            Reason = "an HTTP function",
        },
        RejectionReason.FunctionDisabled => ApiError.Conflict("function", "disabled", rejection.Message),
        RejectionReason.Starting => NotServing(rejection, "starting", retryAfterSeconds: 1),

        // These wait for their operator.
        RejectionReason.Failed => NotServing(rejection, "failed", retryAfterSeconds: 10),
        RejectionReason.Unhealthy => NotServing(rejection, "unhealthy", retryAfterSeconds: 10),
        _ => Overloaded(rejection.Reason, rejection.Message),
    };

    /// <summary>Of a call that was dispatched.</summary>
    public static ApiError ToApiError(InvocationOutcome outcome, InvocationError error, string invocationId) => outcome switch
    {
        InvocationOutcome.FunctionFailed => new(StatusCodes.Status500InternalServerError, ApiErrorCode.ExecutionError, error.Message)
        {
            Exception = error.ExceptionType,
            InvocationId = invocationId,
        },
        InvocationOutcome.InvalidPayload => new(StatusCodes.Status400BadRequest, ApiErrorCode.InvalidParameters, error.Message)
        {
            Field = error.Field,
            Reason = error.Message,
        },
        InvocationOutcome.TimedOut => new(StatusCodes.Status504GatewayTimeout, ApiErrorCode.Timeout, error.Message) { InvocationId = invocationId },
        InvocationOutcome.WorkerLost or InvocationOutcome.ProtocolFailed =>
            new(StatusCodes.Status502BadGateway, ApiErrorCode.WorkerCrashed, error.Message) { InvocationId = invocationId },
        _ => ApiError.Unexpected(),
    };

    private static ApiError Overloaded(RejectionReason reason, string message) => ApiError.Overloaded(
        reason switch
        {
            RejectionReason.QueueFull => "queue full",
            RejectionReason.WaitTooLong => "waited too long",
            RejectionReason.Draining => "draining",
            _ => "rejected",
        },
        message,

        // A place may be free again at once; a restart or a new host takes a while.
        reason switch { RejectionReason.Draining => 5, _ => 1 });

    private static ApiError NotServing(Rejection rejection, string reason, int retryAfterSeconds) =>
        new(StatusCodes.Status503ServiceUnavailable, ApiErrorCode.NotServing, rejection.Message)
        {
            Reason = reason,
            Id = rejection.Id,
            Cause = rejection.Cause,
            RetryAfterSeconds = retryAfterSeconds,
        };
}
