namespace CloudFunction.Protocol.Connections;

/// <summary>How a connection ended.</summary>
/// <param name="Reason">Who ended it.</param>
/// <param name="Message">For the log.</param>
internal sealed record ConnectionEnd(ConnectionEndReason Reason, string Message);
