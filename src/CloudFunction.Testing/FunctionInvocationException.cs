using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Testing;

/// <summary>A call that did not succeed: what a caller over HTTP would have been answered.</summary>
public sealed class FunctionInvocationException : Exception
{
    private FunctionInvocationException(string code, string message, InvocationError? error)
        : base($"{code}: {message}")
    {
        Code = code;
        ExceptionType = error?.ExceptionType;
        Field = error?.Field;
    }

    /// <summary>The code of the HTTP API: <c>EXECUTION_ERROR</c> (the function threw), <c>INVALID_PARAMETERS</c>, <c>TIMEOUT_ERROR</c>,
    /// <c>WORKER_CRASHED</c>, <c>FUNCTION_NOT_FOUND</c> or <c>OVERLOADED</c>.</summary>
    public string Code { get; }

    /// <summary>The full name of the exception that the function threw; null for none.</summary>
    public string? ExceptionType { get; }

    /// <summary>What is wrong in the payload: a JSON path such as <c>$.items[2].name</c>, or line and byte; null where nothing is.</summary>
    public string? Field { get; }

    internal static FunctionInvocationException Of(InvocationResult result) =>
        new(CodeOf(result.Outcome, result.Reason), result.Error?.Message ?? "The invocation failed.", result.Error);

    internal static FunctionInvocationException Of(InvocationBrokenException broken) =>
        new(CodeOf(broken.Outcome, broken.Reason), broken.Error.Message, broken.Error);

    internal static FunctionInvocationException WrongShape(string function, string howTo) =>
        new("INVALID_PARAMETERS", $"The function '{function}' is {howTo}.", null);

    private static string CodeOf(InvocationOutcome outcome, RejectionReason reason) => outcome switch
    {
        InvocationOutcome.FunctionFailed => "EXECUTION_ERROR",
        InvocationOutcome.InvalidPayload => "INVALID_PARAMETERS",
        InvocationOutcome.TimedOut => "TIMEOUT_ERROR",
        InvocationOutcome.WorkerLost or InvocationOutcome.ProtocolFailed => "WORKER_CRASHED",
        _ => reason == RejectionReason.FunctionNotFound ? "FUNCTION_NOT_FOUND" : "OVERLOADED",
    };
}
