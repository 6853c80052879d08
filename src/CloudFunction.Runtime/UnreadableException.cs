namespace CloudFunction.Runtime;

/// <summary>Something that an operation goes by cannot be read, so that nothing was decided on it and nothing was changed. The inner exception is the
/// I/O error, with the path.</summary>
internal sealed class UnreadableException(string message, Exception innerException) : CloudFunctionException(message, innerException);
