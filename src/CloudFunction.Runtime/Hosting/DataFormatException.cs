namespace CloudFunction.Runtime.Hosting;

/// <summary>What the host's folders hold is of a format that this host does not know. The message names the folder and what to do.</summary>
internal sealed class DataFormatException(string message) : CloudFunctionException(message);
