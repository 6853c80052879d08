namespace CloudFunction.Runtime.Projects;

/// <summary>An operation on a project is refused, and nothing was changed. The message says what is wrong, where, and what would be right.</summary>
internal sealed class ProjectException(ProjectErrorCode code, string message, Exception? innerException = null)
    : CloudFunctionException(message, innerException)
{
    /// <summary>Why.</summary>
    public ProjectErrorCode Code { get; } = code;

    /// <summary>Which parameter, entry of an archive or variable it is; null where the message alone names it.</summary>
    public string? Field { get; init; }
}
