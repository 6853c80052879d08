using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Configuration;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>What the contract answers where a file of the host's cannot be used, and not because its disk is full.</summary>
internal static class StorageError
{
    // As long as for the task store: an operator has to mend it first.
    private const int RetryAfterSeconds = 10;

    /// <summary>The error for it.</summary>
    /// <param name="failure">Where, and why.</param>
    /// <param name="isManagement">Whether the caller may learn which file it is.</param>
    public static ApiError Of(StorageFailure failure, bool isManagement)
    {
        var (reason, cause, mend) = failure.Fault switch
        {
            StorageFault.ReadOnly => ("read-only", "its file system is read-only", "mount it to be written to"),
            StorageFault.NoPermission => ("no permission", "the host's user lacks the rights to it", "give them"),
            StorageFault.InUse => ("in use", "another process has it open", "close it there"),
            StorageFault.InTheWay => ("in the way", "something else is in its place: a file, a folder or a pipe", "remove that"),
            StorageFault.Damaged => (
                "damaged", "it holds nothing that the host has written", "deploy the project, or roll it back to a version by its number"),
            StorageFault.Missing => ("not found", "it is not there", "put it back"),
            _ => ("disk error", "the system answers an error, which the host's log has", "mend that"),
        };
        if (!isManagement)
        {
            return ApiError.Overloaded(
                reason, $"The host cannot use a file of {failure.Folder} now: {reason}. Nothing was stored; try again later.", RetryAfterSeconds) with
            {
                Field = failure.Folder,
            };
        }

        var message = $"{PlaceOf(failure)} cannot be read or written: {cause}. Nothing was changed; {mend}, and try again.";

        // What users own is in the state that they have left it in; the other folders are the host's own, and it cannot do its work there.
        return failure.Setting == "PROJECTS_DIR"
            ? new ApiError(StatusCodes.Status409Conflict, ApiErrorCode.Conflict, message) { Field = failure.Folder, Reason = reason }
            : ApiError.Overloaded(reason, message, RetryAfterSeconds) with { Field = failure.Folder };
    }

    private static string PlaceOf(StorageFailure failure) => failure switch
    {
        { Setting: null, Path: { } path } => $"The host's file '{path}'",
        { Setting: null } => "A file of the host",
        { Path: { } path } => $"{failure.Setting}/{path}",
        _ => failure.Setting,
    };
}
