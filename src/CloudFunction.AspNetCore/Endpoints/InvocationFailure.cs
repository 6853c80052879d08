using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>What the contract answers where an invocation did not succeed.</summary>
internal static class InvocationFailure
{
    public static ApiError ToApiError(InvocationResult result, string project, string function)
    {
        var error = result.Error;
        var message = error?.Message ?? "The invocation failed.";
        return result.Outcome switch
        {
            InvocationOutcome.FunctionFailed => new(StatusCodes.Status500InternalServerError, ApiErrorCode.ExecutionError, message)
            {
                Exception = error?.ExceptionType,
                InvocationId = result.InvocationId,
            },
            InvocationOutcome.InvalidPayload => new(StatusCodes.Status400BadRequest, ApiErrorCode.InvalidParameters, message)
            {
                Field = error?.Field,
                Reason = message,
            },
            InvocationOutcome.TimedOut => new(StatusCodes.Status504GatewayTimeout, ApiErrorCode.Timeout, message) { InvocationId = result.InvocationId },
            InvocationOutcome.WorkerLost or InvocationOutcome.ProtocolFailed =>
                new(StatusCodes.Status502BadGateway, ApiErrorCode.WorkerCrashed, message) { InvocationId = result.InvocationId },
            InvocationOutcome.NotFound => result.Reason == RejectionReason.FunctionNotFound
                ? ApiError.NoSuchFunction(project, function)
                : ApiError.NoSuchProject(project),
            InvocationOutcome.Rejected => Rejected(result.Reason, message),
            _ => ApiError.Unexpected(),
        };
    }

    private static ApiError Rejected(RejectionReason reason, string message) => reason switch
    {
        RejectionReason.ProjectStopped => new(StatusCodes.Status409Conflict, ApiErrorCode.Conflict, message) { Field = "project", Reason = "stopped" },
        RejectionReason.FunctionDisabled => new(StatusCodes.Status409Conflict, ApiErrorCode.Conflict, message) { Field = "function", Reason = "disabled" },
        _ => Overloaded(reason, message),
    };

    private static ApiError Overloaded(RejectionReason reason, string message) =>
        new(StatusCodes.Status503ServiceUnavailable, ApiErrorCode.Overloaded, message)
        {
            Reason = reason switch
            {
                RejectionReason.QueueFull => "queue full",
                RejectionReason.WaitTooLong => "waited too long",
                RejectionReason.Unhealthy => "unhealthy",
                RejectionReason.Draining => "draining",
                _ => "rejected",
            },

            // A place may be free again at once; a restart or a new host takes a while; an unhealthy project waits for its operator.
            RetryAfterSeconds = reason switch { RejectionReason.Unhealthy => 10, RejectionReason.Draining => 5, _ => 1 },
        };
}
