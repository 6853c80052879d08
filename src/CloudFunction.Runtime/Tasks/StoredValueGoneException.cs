namespace CloudFunction.Runtime.Tasks;

/// <summary>A stored value's file is not there any more, or is not what was stored. The message names which, for the log.</summary>
internal sealed class StoredValueGoneException(string message, Exception? innerException = null) : CloudFunctionException(message, innerException);
