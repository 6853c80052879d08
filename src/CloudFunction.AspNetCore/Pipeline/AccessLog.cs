using CloudFunction.AspNetCore.Endpoints.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Pipeline;

/// <summary>One record for each request, once it has been answered or has broken off.</summary>
internal sealed partial class AccessLog(ILoggerFactory loggers, TimeProvider time)
{
    /// <summary>The logger's name, for filters.</summary>
    public const string Category = "CloudFunction.AspNetCore.AccessLog";

    // HTTP has no status for a client that left before it was answered; this one is nginx's, and known to readers of such logs.
    private const int ClientClosedRequest = 499;

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>Around the whole app.</summary>
    public RequestDelegate Around(RequestDelegate app) => context => _logger.IsEnabled(LogLevel.Information) ? RunAsync(app, context) : app(context);

    private async Task RunAsync(RequestDelegate app, HttpContext context)
    {
        var start = time.GetTimestamp();
        try
        {
            await app(context).ConfigureAwait(false);
        }
        finally
        {
            Write(context, time.GetElapsedTime(start));
        }
    }

    private void Write(HttpContext context, TimeSpan duration)
    {
        var (request, response, note) = (context.Request, context.Response, AnswerNote.Find(context));
        var isCut = note is { IsCut: true } || context.RequestAborted.IsCancellationRequested;
        var status = isCut && !response.HasStarted ? ClientClosedRequest : response.StatusCode;
        var client = context.Connection.RemoteIpAddress is { } address ? TrustedProxies.Plain(address).ToString() : null;
        var (path, milliseconds, trace) = (Path(context), Math.Round(duration.TotalMilliseconds, 3), ApiErrorResponse.TraceId(context));
        var (project, function) = (context.GetRouteValue("project") as string, context.GetRouteValue("function") as string ?? "-");
        if (isCut)
        {
            LogCut(request.Method, path, status, milliseconds, client, project ?? "-", function, trace);
        }
        else if (note?.Code is { } code)
        {
            LogFailure(request.Method, path, status, code, milliseconds, ResponseSize.Of(context), client, project ?? "-", function, trace);
        }
        else if (project is not null)
        {
            LogProjectRequest(request.Method, path, status, milliseconds, ResponseSize.Of(context), client, project, function, trace);
        }
        else
        {
            LogRequest(request.Method, path, status, milliseconds, ResponseSize.Of(context), client, trace);
        }
    }

    // As the client wrote it, so that the log shows what was refused; never the query, which may hold secrets.
    private static string Path(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (target is not ['/', ..])
        {
            return context.Request.Path.Value ?? "";
        }

        var end = target.AsSpan().IndexOfAny('?', '#');
        return end < 0 ? target : target[..end];
    }
}
