namespace CloudFunction.Protocol;

/// <summary>The peer broke the protocol. The connection ends; what it sent after that is not read.</summary>
/// <param name="message">What was received and what would have been right.</param>
internal sealed class ProtocolException(string message) : Exception(message);
