using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Protocol;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Http;

/// <summary><c>/fn/{project}/{function}/{**path}</c>: an HTTP function's own method, path, headers, status and bodies, with no
/// envelope around them.</summary>
internal sealed partial class HttpFunctionEndpoint(
    IInvocationRouter router, BodyReceiver bodies, TransferWatch watch, ServerSettings settings, ApiErrorBoundary boundary,
    ILogger<HttpFunctionEndpoint> logger)
{
    private readonly TransferLimits _answerLimits = TransferLimits.OfStream(settings.Options);
    private readonly long _maxRequestBytes = settings.Options.MaxRequestBytes;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var values = context.Request.RouteValues;
            var (project, function) = (values["project"] as string, values["function"] as string);
            if (Check(context, project, function, out var call) is { } refusal)
            {
                await ApiErrorResponse.WriteAsync(context, refusal).ConfigureAwait(false);
                return;
            }

            var body = call!.HasBody ? bodies.Watch(context, project!) : null;
            try
            {
                var first = body is null ? null : await BodyReceiver.BeginAsync(context, body).ConfigureAwait(false);
                var request = new InvocationRequest(body ?? context.Request.BodyReader, null, CallerTrace.ParentOf(context))
                {
                    Http = call,
                    First = first,
                };
                using var result = await router.InvokeAsync(project!, function!, request, context.RequestAborted).ConfigureAwait(false);
                await AnswerAsync(context, result, project!, function!).ConfigureAwait(false);
            }
            finally
            {
                body?.Leave();
            }
        }
        catch (Exception exception) when (exception is InvocationBrokenException || (exception is IOException and not BadHttpRequestException))
        {
            AnswerNote.Cut(context); // The response broke off in the middle, or the client did: nothing may seem whole.
        }
        catch (Exception exception)
        {
            await boundary.AnswerAsync(context, exception).ConfigureAwait(false);
        }
    }

    private ApiError? Check(HttpContext context, string? project, string? function, out HttpCallHead? call)
    {
        call = null;
        if (!NameRule.IsValid(project))
        {
            return ApiError.InvalidName("project");
        }

        if (!NameRule.IsValid(function))
        {
            return ApiError.InvalidName("function");
        }

        var request = context.Request;
        if (context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true
            || request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase))
        {
            return ApiError.Invalid(
                "Upgrade", "must be absent: functions have no WebSockets; answer with server-sent events, which run over plain HTTP");
        }

        if (request.ContentLength > _maxRequestBytes)
        {
            return ApiError.BodyTooLarge(_maxRequestBytes, "MAX_REQUEST_BYTES");
        }

        if (EndToEndHeaders.Of(request) is not { } headers)
        {
            return EndToEndHeaders.TooManyNamed();
        }

        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? request.ContentLength is not 0;
        call = new HttpCallHead(request.Method, PathBelow.Of(context), request.QueryString.Value ?? "", headers, hasBody);
        return call.IsTooLarge ? ApiError.Invalid(
            "headers", "are too many or too long: path, query and headers may take 60 KB together", StatusCodes.Status413PayloadTooLarge) : null;
    }

    private async Task AnswerAsync(HttpContext context, InvocationResult result, string project, string function)
    {
        Exception? unread = null;
        string? fault = null;
        try
        {
            if (result.Outcome == InvocationOutcome.Succeeded)
            {
                fault = await WriteAsync(context, result, project).ConfigureAwait(false);
                if (fault is null)
                {
                    return;
                }

                result.Fail(new InvocationError(fault));
            }
        }
        finally
        {
            unread = await result.StopSendingAsync().ConfigureAwait(false); // The body is the server's again.
        }

        if (fault is not null)
        {
            LogNotSent(project, function, fault, result.InvocationId, ApiErrorResponse.TraceId(context));
            var error = CallFailure.ToApiError(InvocationOutcome.FunctionFailed, new InvocationError(fault), result.InvocationId);
            await ApiErrorResponse.WriteAsync(context, error).ConfigureAwait(false);
        }
        else if (unread is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            await ApiErrorResponse.WriteAsync(context, ApiError.BodyTooLarge(_maxRequestBytes, "MAX_REQUEST_BYTES")).ConfigureAwait(false);
        }
        else if (unread is BodyTimeoutException or BadHttpRequestException)
        {
            await boundary.AnswerAsync(context, unread).ConfigureAwait(false);
        }
        else if (unread is IOException || result.Outcome == InvocationOutcome.Cancelled)
        {
            AnswerNote.Cut(context); // The client is gone.
        }
        else
        {
            await ApiErrorResponse.WriteAsync(context, CallFailure.ToApiError(result, project, function)).ConfigureAwait(false);
        }
    }

    // Returns what of the function's response cannot be sent, if anything; a part of it may have been by then.
    private async Task<string?> WriteAsync(HttpContext context, InvocationResult result, string project)
    {
        using var left = context.RequestAborted.UnsafeRegister(static state => ((InvocationResult)state!).Cancel(), result);
        var response = context.Response;
        var head = result.Head!;
        var hasBody = head.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
            && !HttpMethods.IsHead(context.Request.Method);
        var length = new AnnouncedLength(hasBody ? head.ContentLength : null);
        if ((head.Fault ?? length.Add(result.Payload.Length, result.IsComplete) ?? EndToEndHeaders.CopyTo(response, head)) is { } wrong)
        {
            return wrong;
        }

        response.StatusCode = head.Status;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.StartAsync(CancellationToken.None).ConfigureAwait(false);
        var size = new ResponseSize();
        context.Features.Set(size);
        var body = ResponseBody.Begin(context, project, watch, _answerLimits);
        while (true)
        {
            if (hasBody)
            {
                body.Write(result.Payload.Span);
                size.Bytes += result.Payload.Length;
            }

            if (result.IsComplete)
            {
                if (response.ContentLength is not null)
                {
                    await body.FlushAsync().ConfigureAwait(false); // With a length, the end of the response sends nothing of what is left.
                }

                break;
            }

            // What the function has written leaves at once, and waits while the client has no room.
            await body.FlushAsync().ConfigureAwait(false);
            await result.ReadAsync().ConfigureAwait(false);
            if (length.Add(result.Payload.Length, result.IsComplete) is { } other)
            {
                return other;
            }
        }

        if (HttpHead.FindFault(result.Trailers) is { } fault)
        {
            return fault;
        }

        if (result.Trailers.Count > 0 && response.SupportsTrailers())
        {
            foreach (var (name, value) in result.Trailers)
            {
                response.AppendTrailer(name, value);
            }
        }

        return null;
    }
}
