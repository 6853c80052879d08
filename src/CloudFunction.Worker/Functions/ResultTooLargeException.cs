namespace CloudFunction.Worker.Functions;

/// <summary>Thrown by the writer that an invoker is given once a result passes what the host accepts. It ends the serialization at once,
/// so that a result is never built beyond the limit.</summary>
/// <param name="limitBytes">The limit in bytes, as MAX_RESPONSE_BYTES set it.</param>
internal sealed class ResultTooLargeException(long limitBytes)
    : Exception($"The result is larger than {limitBytes} bytes, which is what MAX_RESPONSE_BYTES allows.");
