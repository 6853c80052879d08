namespace CloudFunction.Runtime.Deployments;

/// <summary>A folder cannot be deployed. The message says what is wrong, where, and what would be right.</summary>
internal sealed class DeploymentException(DeploymentErrorCode code, string message, Exception? innerException = null)
    : CloudFunctionException(message, innerException)
{
    /// <summary>Which kind of fault it is.</summary>
    public DeploymentErrorCode Code { get; } = code;
}
