namespace CloudFunction.Runtime.Deployments;

/// <summary>A folder cannot be deployed. The message says what is wrong, where, and what would be right.</summary>
internal sealed class DeploymentException(DeploymentErrorCode code, string message, Exception? innerException = null)
    : CloudFunctionException(message, innerException)
{
    /// <summary>Which kind of fault it is.</summary>
    public DeploymentErrorCode Code { get; } = code;

    /// <summary>The project's exception that kept it from loading, with its stack; null where there was none.</summary>
    public string? Exception { get; init; }

    /// <summary>The exit code of the worker that was to load it; null where it did not end by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The end of what that worker wrote to standard error; null where there was no worker.</summary>
    public string? StandardError { get; init; }
}
