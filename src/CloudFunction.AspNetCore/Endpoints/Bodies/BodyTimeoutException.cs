using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Transfers;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>A request's body came too slowly, or not at all: 408.</summary>
internal sealed class BodyTimeoutException(TransferLimit limit) : Exception("The request's body did not come in time.")
{
    /// <summary>What the caller is answered.</summary>
    public ApiError Error { get; } = ApiError.RequestTimeout(limit switch
    {
        TransferLimit.Idle => "no byte came within BODY_IDLE_TIMEOUT",
        TransferLimit.Total => "it came more slowly than BODY_TIMEOUT allows",
        _ => "it stood still while others needed the room that it took",
    });
}
