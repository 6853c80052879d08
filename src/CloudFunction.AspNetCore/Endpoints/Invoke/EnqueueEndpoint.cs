using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Idempotency;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Endpoints.Tasks;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Security;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Invoke;

/// <summary>An asynchronous call: answered with 202 once it is stored. Its payload is not checked; one that does not fit its function
/// fails the task.</summary>
internal sealed class EnqueueEndpoint(
    ITaskOperations tasks, IInvocationRouter router, BodyReceiver bodies, CallerIdentity identity, RefusalLog refusals, ServerSettings settings)
{
    public async Task HandleAsync(HttpContext context, string project, string function, InvokeTerms terms)
    {
        if (terms.CallbackUrl is { } url && CallbackUrl.Check(url, settings.Options.CallbackAllowPrivate) is { } reason)
        {
            await ApiErrorResponse.WriteAsync(
                context, ApiError.Invalid("callback_url", reason, StatusCodes.Status422UnprocessableEntity)).ConfigureAwait(false);
            return;
        }

        if (router.Check(project, function) is { } missing)
        {
            await ApiErrorResponse.WriteAsync(context, CallFailure.ToApiError(missing, project, function)).ConfigureAwait(false);
            return;
        }

        using var payload = await bodies.ReceiveAsync(context, project).ConfigureAwait(false);
        var request = new TaskRequest(project, function, new NewValue(payload))
        {
            MaxAttempts = terms.MaxAttempts,
            Timeout = terms.Timeout,
            Delay = terms.Delay,
            CallbackUrl = terms.CallbackUrl,
            IdempotencyKey = terms.IdempotencyKey,
            IsAnonymous = identity.IsAnonymous(context),
            TraceParent = CallerTrace.ParentOf(context),
        };
        var admission = await tasks.EnqueueAsync(request, context.RequestAborted).ConfigureAwait(false);
        await (admission.Rejection is { } rejection ? ApiErrorResponse.WriteAsync(context, CallFailure.ToApiError(rejection, project, function))
            : admission.Result.Id is { } id ? AcceptAsync(context, id, admission.Result.Outcome == EnqueueOutcome.Duplicate, terms.IsPreference)
            : ApiErrorResponse.WriteAsync(
                context, admission.Result.Outcome == EnqueueOutcome.NoRoom ? NoAnonymousRoom(project) : IdempotencyConflict.Error))
            .ConfigureAwait(false);
    }

    private ApiError NoAnonymousRoom(string project)
    {
        refusals.NoAnonymousRoom(project);
        return ApiError.NoAnonymousRoom();
    }

    private Task AcceptAsync(HttpContext context, TaskId id, bool isDuplicate, bool isPreference)
    {
        var headers = context.Response.Headers;
        headers.Location = TaskLocation.Of(context, settings.Options.ServerUrl, id);
        if (isPreference)
        {
            headers["Preference-Applied"] = "respond-async";
        }

        if (isDuplicate)
        {
            headers[StoredAnswer.ReplayedHeader] = "true";
        }

        var message = isDuplicate ? "The call was stored before, under the same Idempotency-Key." : "The call is stored and will run.";
        return TaskAnswer.WriteAsync(context, StatusCodes.Status202Accepted, id, message);
    }
}
