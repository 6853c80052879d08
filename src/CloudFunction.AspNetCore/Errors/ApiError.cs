using CloudFunction.Protocol;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Errors;

/// <summary>A failure as the contract shows it to a caller.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">One of <see cref="ApiErrorCode"/>.</param>
/// <param name="Message">What is wrong and, where that is known, what would be right.</param>
internal sealed record ApiError(int Status, string Code, string Message)
{
    // A name or a value may come from the request: an answer must not grow with what was sent.
    private const int MaxFieldLength = 200;
    private const int MaxReasonLength = 1000;

    /// <summary>Which part of the request: a parameter's or header's name, or a JSON path.</summary>
    public string? Field { get; init; }

    /// <summary>What is wrong with it.</summary>
    public string? Reason { get; init; }

    /// <summary>The full name of the function's exception type; of a deployment that failed, the exception that kept it from loading.</summary>
    public string? Exception { get; init; }

    /// <summary>The end of what a deployment's worker wrote to standard error.</summary>
    public string? StandardError { get; init; }

    /// <summary>The exit code of a deployment's worker.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The invocation that failed.</summary>
    public string? InvocationId { get; init; }

    /// <summary>Under which id the host's log has the cause, where the message does not give it.</summary>
    public string? Id { get; init; }

    /// <summary>What inside a project has led to the error. Sent only to callers who may read it.</summary>
    public string? Cause { get; init; }

    /// <summary>The value of <c>Retry-After</c>, in seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Whether nothing that follows on the request's connection can be read.</summary>
    public bool EndsConnection { get; init; }

    /// <summary>The value of <c>Allow</c>.</summary>
    public string? Allow { get; init; }

    public static ApiError Invalid(string field, string reason, int status = StatusCodes.Status400BadRequest)
    {
        var (shownField, shownReason) = (Cut(field, MaxFieldLength), Cut(reason, MaxReasonLength));
        return new(status, ApiErrorCode.InvalidParameters, $"{shownField}: {shownReason}") { Field = shownField, Reason = shownReason };
    }

    /// <summary>The request is not as HTTP has it.</summary>
    public static ApiError BadRequest(BadHttpRequestException exception)
    {
        var reason = Cut(exception.Message, MaxReasonLength);
        var code = exception.StatusCode == StatusCodes.Status408RequestTimeout ? ApiErrorCode.RequestTimeout : ApiErrorCode.InvalidParameters;
        return new(exception.StatusCode, code, $"The request cannot be read: {reason}") { Field = "request", Reason = reason, EndsConnection = true };
    }

    public static ApiError InvalidName(string field) =>
        new(StatusCodes.Status400BadRequest, ApiErrorCode.InvalidParameters, $"The {field}'s name must be {NameRule.Text}.")
        {
            Field = field,
            Reason = $"must be {NameRule.Text}",
        };

    public static ApiError NoSuchRoute(string method, PathString path) =>
        new(
            StatusCodes.Status404NotFound, ApiErrorCode.NotFound,
            $"There is no route {Cut(method, MaxFieldLength)} {Cut(path.ToString(), MaxFieldLength)}.");

    public static ApiError NoSuchProject(string project) =>
        new(StatusCodes.Status404NotFound, ApiErrorCode.ProjectNotFound, $"There is no project '{project}'.")
        {
            Field = "project",
            Reason = "not found",
        };

    public static ApiError NoSuchFunction(string project, string function) =>
        new(StatusCodes.Status404NotFound, ApiErrorCode.FunctionNotFound, $"The project '{project}' has no function '{function}'.")
        {
            Field = "function",
            Reason = "not found",
        };

    public static ApiError MethodNotAllowed(string method, string? allow) =>
        new(StatusCodes.Status405MethodNotAllowed, ApiErrorCode.InvalidParameters, allow is null
            ? $"The method {Cut(method, MaxFieldLength)} is not allowed here."
            : $"The method {Cut(method, MaxFieldLength)} is not allowed here; use {allow}.")
        {
            Field = "method",
            Reason = allow is null ? "not allowed" : $"must be {allow}",
            Allow = allow,
        };

    public static ApiError BodyTooLarge(long maxBytes, string? setting) => TooLarge("body", maxBytes, setting);

    public static ApiError TooLarge(string field, long maxBytes, string? setting = null) =>
        new(StatusCodes.Status413PayloadTooLarge, ApiErrorCode.InvalidParameters, setting is null
            ? $"The {field} is larger than {maxBytes} bytes."
            : $"The {field} is larger than {maxBytes} bytes ({setting}).")
        {
            Field = field,
            Reason = $"larger than {maxBytes} bytes",
        };

    public static ApiError NoSuchTask(string id) =>
        new(StatusCodes.Status404NotFound, ApiErrorCode.TaskNotFound, $"There is no task '{Cut(id, MaxFieldLength)}'.")
        {
            Field = "task",
            Reason = "not found",
        };

    public static ApiError NoSuchSchedule(string id) =>
        new(StatusCodes.Status404NotFound, ApiErrorCode.ScheduleNotFound, $"There is no schedule '{Cut(id, MaxFieldLength)}'.")
        {
            Field = "schedule",
            Reason = "not found",
        };

    public static ApiError Conflict(string field, string reason, string message) =>
        new(StatusCodes.Status409Conflict, ApiErrorCode.Conflict, message) { Field = field, Reason = reason };

    public static ApiError RequestTimeout(string reason) =>
        new(StatusCodes.Status408RequestTimeout, ApiErrorCode.RequestTimeout, $"The request's body did not come in time: {reason}.")
        {
            Field = "body",
            Reason = reason,
        };

    public static ApiError Overloaded(string reason, string message, int retryAfterSeconds) =>
        new(StatusCodes.Status503ServiceUnavailable, ApiErrorCode.Overloaded, message) { Reason = reason, RetryAfterSeconds = retryAfterSeconds };

    public static ApiError NoAnonymousRoom() => Overloaded(
        "anonymous storage",
        "Callers without identity have stored as much as they may (ANONYMOUS_STORE_BYTES), in this project or together. What is older makes room as "
        + "it is deleted; a caller with a key is not bounded so.",
        retryAfterSeconds: 60);

    /// <summary>A disk is full.</summary>
    /// <param name="folder">The setting that names the folder.</param>
    /// <param name="mayComeAgain">Whether the call may come again as it is.</param>
    public static ApiError StorageFull(string folder, bool mayComeAgain) => new(
        mayComeAgain ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status507InsufficientStorage,
        ApiErrorCode.StorageFull,
        $"The disk of {folder} is full. Nothing was changed; {(mayComeAgain ? "try again later" : "make room on it")}.")
    {
        Field = folder,
        Reason = "disk full",
        RetryAfterSeconds = mayComeAgain ? 10 : null,
    };

    /// <summary>A disk is full, and so a result was lost that had to be kept before it was sent.</summary>
    public static ApiError ResultNotHeld(string folder, string invocationId) => StorageFull(folder, mayComeAgain: true) with
    {
        Message = $"The disk of {folder} is full. The function has run, and its result could not be kept; sent again, the call runs anew.",
        InvocationId = invocationId,
    };

    public static ApiError Unexpected() =>
        new(
            StatusCodes.Status500InternalServerError, ApiErrorCode.Internal,
            "The host failed to answer this request. Its log has the cause under this trace_id.");

    private static string Cut(string text, int length) => text.Length <= length ? text : $"{text[..length]}…";
}
