namespace CloudFunction.Worker.Session;

/// <summary>A request's payload passed its limit.</summary>
internal sealed class PayloadTooLargeException(long limitBytes)
    : Exception($"The payload is longer than the {limitBytes} bytes that MAX_REQUEST_BYTES allows.");
