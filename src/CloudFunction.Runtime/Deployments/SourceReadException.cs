namespace CloudFunction.Runtime.Deployments;

/// <summary>A source folder could not be read at one moment; the stager tries again.</summary>
internal sealed class SourceReadException(Exception innerException) : CloudFunctionException(innerException.Message, innerException);
