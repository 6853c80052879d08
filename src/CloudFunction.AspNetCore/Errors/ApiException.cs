using CloudFunction.AspNetCore.Endpoints.Answers;

namespace CloudFunction.AspNetCore.Errors;

/// <summary>Ends a request with an error. <see cref="ApiErrorBoundary"/> answers it.</summary>
internal sealed class ApiException(ApiError error, Exception? innerException = null) : Exception(error.Message, innerException)
{
    /// <summary>What is answered.</summary>
    public ApiError Error { get; } = error;

    /// <summary>The refusal (400) of one part of the request.</summary>
    public static ApiException Refuse(string field, string reason, Exception? innerException = null) =>
        new(ApiError.Invalid(field, reason), innerException);
}
