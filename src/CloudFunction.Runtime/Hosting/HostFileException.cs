namespace CloudFunction.Runtime.Hosting;

/// <summary>The host does not start because it cannot use one of its own files. The message names the setting, the file and why.</summary>
internal sealed class HostFileException(string message, Exception innerException) : CloudFunctionException(message, innerException);
