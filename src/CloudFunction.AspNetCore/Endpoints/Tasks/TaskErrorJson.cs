using System.Text.Json;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>How an attempt ended, as the API shows it.</summary>
internal static class TaskErrorJson
{
    public static string ToText(InvocationOutcome outcome) => outcome switch
    {
        InvocationOutcome.Succeeded => "succeeded",
        InvocationOutcome.FunctionFailed => "function_failed",
        InvocationOutcome.InvalidPayload => "invalid_payload",
        InvocationOutcome.TimedOut => "timed_out",
        InvocationOutcome.Cancelled => "cancelled",
        InvocationOutcome.WorkerLost => "worker_lost",
        InvocationOutcome.Rejected => "rejected",
        InvocationOutcome.NotFound => "not_found",
        _ => "protocol_failed",
    };

    /// <summary>Writes an error: an object with what there is, among it the outcome of the attempt that it is of, if it is of one; or null.</summary>
    public static void Write(Utf8JsonWriter json, InvocationError? error, InvocationOutcome? outcome)
    {
        if (error is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        WriteIfThere(json, "code"u8, CodeOf(outcome));
        json.WriteString("message"u8, error.Message);
        WriteIfThere(json, "exception"u8, error.ExceptionType);
        WriteIfThere(json, "field"u8, error.Field);
        json.WriteEndObject();
    }

    // What the same outcome of a synchronous call is answered with.
    private static string? CodeOf(InvocationOutcome? outcome) => outcome switch
    {
        InvocationOutcome.FunctionFailed => ApiErrorCode.ExecutionError,
        InvocationOutcome.InvalidPayload => ApiErrorCode.InvalidParameters,
        InvocationOutcome.TimedOut => ApiErrorCode.Timeout,
        InvocationOutcome.WorkerLost or InvocationOutcome.ProtocolFailed => ApiErrorCode.WorkerCrashed,
        InvocationOutcome.Rejected => ApiErrorCode.Overloaded,
        InvocationOutcome.Succeeded => ApiErrorCode.Overloaded, // Its result is not stored: there was no room for it.
        _ => null,
    };

    private static void WriteIfThere(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
