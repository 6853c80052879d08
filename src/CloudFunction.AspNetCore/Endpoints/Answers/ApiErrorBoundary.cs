using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Security;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>Turns what escapes from a handler into the contract's JSON.</summary>
internal sealed partial class ApiErrorBoundary(
    TransferWatch watch, StorageFolders folders, RefusalLog refusals, ServerSettings settings, TimeProvider time, ILogger<ApiErrorBoundary> logger)
{
    // EMFILE and ENFILE as .NET hands them over.
    private const int TooManyFiles = 24;
    private const int TooManyFilesOfAll = 23;

    private readonly TransferLimits _limits = TransferLimits.OfBody(settings.Options);

    /// <summary>Around one of our own handlers, whose client must send its body in time.</summary>
    public RequestDelegate AroundEndpoint(RequestDelegate handler) => async context =>
    {
        try
        {
            WatchedRequest.Install(context, watch, _limits);
            await handler(context).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge
            && context.GetEndpoint()?.Metadata.GetMetadata<MaxRequestSize>() is { } limit)
        {
            await AnswerAsync(context, ApiError.BodyTooLarge(limit.Bytes, limit.Setting)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await AnswerAsync(context, exception).ConfigureAwait(false);
        }
    };

    /// <summary>Around the whole app: exceptions, and wrong methods on routes that are not ours.</summary>
    public RequestDelegate AroundApp(RequestDelegate app) => async context =>
    {
        try
        {
            await app(context).ConfigureAwait(false);
            if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false, ContentLength: null } response)
            {
                var allow = response.Headers.Allow is { Count: > 0 } methods ? methods.ToString() : null;
                await ApiErrorResponse.WriteAsync(context, ApiError.MethodNotAllowed(context.Request.Method, allow)).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The edge of the app.
            await AnswerAsync(context, exception).ConfigureAwait(false);
        }
    };

    /// <summary>Answers an exception: one that is meant for the caller with its message, any other as unexpected; one that only says that the
    /// client is gone needs no answer.</summary>
    public Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (exception is BadHttpRequestException bad)
        {
            // The server would log it as an error of the app, with its stack: any client can send any number of these.
            return ApiErrorResponse.WriteAsync(context, ApiError.BadRequest(bad));
        }

        if (exception is ConnectionResetException
            || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException))
        {
            AnswerNote.Cut(context);
            return Task.CompletedTask;
        }

        var isManagement = context.GetEndpoint()?.Metadata.GetMetadata<ManagementRoute>() is not null;
        var failure = Locate(exception);
        if (failure is { Fault: StorageFault.Full })
        {
            refusals.StorageFull(failure.Folder, exception.Message);

            // What an operator does waits for the operator; a call may come again as it is.
            return ApiErrorResponse.WriteAsync(context, ApiError.StorageFull(failure.Folder, mayComeAgain: !isManagement));
        }

        if (exception is IOException { HResult: TooManyFiles or TooManyFilesOfAll })
        {
            refusals.NoDescriptors(exception.Message);
            return ApiErrorResponse.WriteAsync(context, ApiError.Overloaded(
                "descriptors", "The host can open no further file just now. Nothing was changed; try again.", retryAfterSeconds: 1));
        }

        if (OperationFailure.Find(exception) is { } error)
        {
            if (exception is TaskStoreException)
            {
                refusals.StoreFailed(exception.Message);
            }

            return AnswerAsync(context, error);
        }

        // An operator can mend any file. Of a call or an app's own endpoint, only errors in the host's folders are known to be of this kind.
        if (failure is not null && (isManagement || failure.Setting is not null))
        {
            refusals.StorageFailed(failure.Folder, exception.Message);
            return ApiErrorResponse.WriteAsync(context, StorageError.Of(failure, isManagement));
        }

        LogUnhandled(exception, context.Request.Method, context.Request.Path, ApiErrorResponse.TraceId(context));
        return ApiErrorResponse.WriteAsync(context, ApiError.Unexpected());
    }

    private StorageFailure? Locate(Exception exception) => exception is TaskStoreException { Fault: TaskStoreFault.Full }
        ? new StorageFailure(StorageFault.Full, "DATA_DIR", null)
        : folders.Find(exception);

    private async Task AnswerAsync(HttpContext context, ApiError error)
    {
        await ApiErrorResponse.WriteAsync(context, error).ConfigureAwait(false);
        if (error.Status == StatusCodes.Status413PayloadTooLarge)
        {
            await RefusedBody.DrainAsync(context, time).ConfigureAwait(false);
        }
    }
}
