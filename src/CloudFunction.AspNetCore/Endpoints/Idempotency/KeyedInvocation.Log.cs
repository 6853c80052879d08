using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

internal sealed partial class KeyedInvocation
{
    [LoggerMessage(
        7111, LogLevel.Warning,
        "The outcome of {Project}/{Function} was not stored under its Idempotency-Key: a later call with that key runs again")]
    private partial void LogNotStored(Exception exception, string project, string function);

    [LoggerMessage(7113, LogLevel.Warning,
        "The outcome of {Project}/{Function} was not stored under its Idempotency-Key: callers without identity have no room for it "
        + "(ANONYMOUS_STORE_BYTES); a later call with that key runs again")]
    private partial void LogNoRoom(string project, string function);

    [LoggerMessage(
        7118, LogLevel.Warning,
        "The Idempotency-Key of a call of {Project}/{Function} was not freed: calls with that key wait until this host has ended")]
    private partial void LogNotFreed(Exception exception, string project, string function);

    [LoggerMessage(
        7119, LogLevel.Warning,
        "The outcome of {Project}/{Function} was not stored under its Idempotency-Key: this host's lease in the store was lost while it ran")]
    private partial void LogReservationLost(string project, string function);
}
