namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>A callback's name leads where callbacks must not go. Nothing was connected to.</summary>
internal sealed class CallbackRefusedException(string message) : CloudFunctionException(message);
