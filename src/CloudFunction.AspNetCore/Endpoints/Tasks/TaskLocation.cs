using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>Where a task can be read.</summary>
internal static class TaskLocation
{
    private const string Functions = "/api/v1/functions/";

    /// <summary>Absolute with SERVER_URL; else relative to the server, below the same prefix as the function's own route. Never of
    /// the Host header.</summary>
    public static string Of(HttpContext context, Uri? serverUrl, TaskId id)
    {
        var path = $"/api/v1/tasks/{id}";
        if (serverUrl is not null)
        {
            return serverUrl.AbsoluteUri.TrimEnd('/') + path;
        }

        var called = (context.Request.PathBase + context.Request.Path).ToUriComponent();
        var prefix = called.LastIndexOf(Functions, StringComparison.OrdinalIgnoreCase);
        return prefix > 0 ? string.Concat(called.AsSpan(0, prefix), path) : path;
    }
}
