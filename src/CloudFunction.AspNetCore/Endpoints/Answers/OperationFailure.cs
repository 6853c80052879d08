using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>What the contract answers where an operation on a project or a task failed.</summary>
internal static class OperationFailure
{
    /// <summary>The error for an exception that is meant for the caller; null for any other.</summary>
    public static ApiError? Find(Exception exception) => exception switch
    {
        ApiException refused => refused.Error,
        BodyTimeoutException late => late.Error,
        ProjectException { Code: ProjectErrorCode.Busy } failed => ApiError.Overloaded("too many uploads", failed.Message, retryAfterSeconds: 5),
        ProjectException failed => From(failed),
        DeploymentException failed => From(failed),
        DotEnvException failed => new(StatusCodes.Status422UnprocessableEntity, ApiErrorCode.Environment, failed.Message)
        {
            Field = DotEnvFile.FileName,
            Reason = failed.Message,
        },
        TaskStoreException failed => Find(failed.Fault),
        _ => null,
    };

    // The store's message names a file of the host's and is for its log. What only an operator can mend is unexpected, and no client's to repeat.
    private static ApiError? Find(TaskStoreFault fault) => fault switch
    {
        TaskStoreFault.Full => ApiError.StorageFull("DATA_DIR", mayComeAgain: true),
        TaskStoreFault.Unavailable => StoreUnavailable("it cannot be read or written", seconds: 10) with { Field = "DATA_DIR" },
        TaskStoreFault.Busy => StoreUnavailable("it is busy", seconds: 1),
        TaskStoreFault.Closed => StoreUnavailable("the host is stopping", seconds: 5),
        _ => null,
    };

    private static ApiError StoreUnavailable(string reason, int seconds) =>
        ApiError.Overloaded(reason, $"The task store cannot do this now: {reason}. Nothing was changed; try again.", seconds);

    private static ApiError From(ProjectException failed)
    {
        var (status, code, field, reason) = failed.Code switch
        {
            ProjectErrorCode.ProjectNotFound => (StatusCodes.Status404NotFound, ApiErrorCode.ProjectNotFound, "project", "not found"),
            ProjectErrorCode.FunctionNotFound => (StatusCodes.Status404NotFound, ApiErrorCode.FunctionNotFound, "function", "not found"),
            ProjectErrorCode.VersionNotFound => (StatusCodes.Status404NotFound, ApiErrorCode.VersionNotFound, "version", "not found"),
            ProjectErrorCode.BadUpload => (StatusCodes.Status422UnprocessableEntity, ApiErrorCode.InvalidParameters, null, null),
            ProjectErrorCode.TooLarge => (StatusCodes.Status413PayloadTooLarge, ApiErrorCode.InvalidParameters, "body", null),
            ProjectErrorCode.EnvironmentError => (StatusCodes.Status422UnprocessableEntity, ApiErrorCode.Environment, null, null),
            ProjectErrorCode.Conflict => (StatusCodes.Status409Conflict, ApiErrorCode.Conflict, "project", null),
            _ => (StatusCodes.Status400BadRequest, ApiErrorCode.InvalidParameters, null, (string?)null),
        };
        return new ApiError(status, code, failed.Message) { Field = failed.Field ?? field, Reason = reason ?? failed.Message };
    }

    private static ApiError From(DeploymentException failed) => new(
        StatusCodes.Status422UnprocessableEntity,
        failed.Code == DeploymentErrorCode.DependencyError ? ApiErrorCode.Dependency : ApiErrorCode.InvalidParameters,
        failed.Message)
    {
        Field = "project",
        Reason = failed.Message,
        Exception = failed.Exception,
        StandardError = failed.StandardError,
        ExitCode = failed.ExitCode,
    };
}
