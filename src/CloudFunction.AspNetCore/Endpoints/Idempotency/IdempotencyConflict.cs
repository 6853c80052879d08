using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>The refusal of an Idempotency-Key that stands for something else.</summary>
internal static class IdempotencyConflict
{
    public static ApiError Error { get; } = ApiError.Conflict(
        InvokeParameters.IdempotencyKey,
        "used before",
        "This Idempotency-Key was used before for this function, with another payload or with the other mode (sync or async). Use a new key "
        + "for every new call.");
}
