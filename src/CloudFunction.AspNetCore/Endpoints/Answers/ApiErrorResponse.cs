using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>Writes an <see cref="ApiError"/> as the contract's JSON.</summary>
internal static class ApiErrorResponse
{
    /// <summary>Answers with the error; where the response has begun already, cuts the connection, so that nothing seems whole that is not.</summary>
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            AnswerNote.Cut(context);
            return Task.CompletedTask;
        }

        AnswerNote.Fail(context, error.Code);
        if (error.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (error.Allow is { } allow)
        {
            response.Headers.Allow = allow;
        }

        if ((error.EndsConnection || error.Status is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status408RequestTimeout)
            && !HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            // The server does not read such a body to its end and ends the connection: a client must not send its next request on it.
            response.Headers.Connection = "close";
        }

        return JsonResponse.WriteAsync(
            context, error.Status, (Disclosed(context, error), TraceId(context)), static (json, state) => Write(json, state.Item1, state.Item2));
    }

    /// <summary>Writes the JSON alone, to be sent later.</summary>
    public static void Write(IBufferWriter<byte> buffer, HttpContext context, ApiError error) =>
        JsonResponse.Write(buffer, (Disclosed(context, error), TraceId(context)), static (json, state) => Write(json, state.Item1, state.Item2));

    /// <summary>The id under which the host's log speaks of this request.</summary>
    public static string TraceId(HttpContext context)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return activity.TraceId.ToHexString();
        }

        return ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var caller)
            ? caller.TraceId.ToHexString()
            : context.TraceIdentifier;
    }

    private static ApiError Disclosed(HttpContext context, ApiError error) =>
        error.Id is null ? error : context.RequestServices.GetRequiredService<FailureDisclosure>().For(context, error);

    private static void Write(Utf8JsonWriter json, ApiError error, string traceId)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "error"u8);
        json.WriteString("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        json.WriteStartObject("details"u8);
        WriteIfThere(json, "field"u8, error.Field);
        WriteIfThere(json, "reason"u8, error.Reason);
        WriteIfThere(json, "exception"u8, error.Exception);
        WriteIfThere(json, "stderr"u8, error.StandardError);
        if (error.ExitCode is { } exitCode)
        {
            json.WriteNumber("exit_code"u8, exitCode);
        }

        WriteIfThere(json, "invocation_id"u8, error.InvocationId);
        WriteIfThere(json, "id"u8, error.Id);
        WriteIfThere(json, "cause"u8, error.Cause);
        json.WriteEndObject();
        json.WriteString("trace_id"u8, traceId);
        json.WriteEndObject();
    }

    private static void WriteIfThere(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
