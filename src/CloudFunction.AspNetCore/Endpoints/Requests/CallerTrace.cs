using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>The trace that a request belongs to.</summary>
internal static class CallerTrace
{
    /// <summary>The W3C trace context that a call runs in; null for none.</summary>
    public static string? ParentOf(HttpContext context) => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
        ? activity.Id
        : context.Request.Headers.TraceParent is { Count: 1 } header ? header.ToString() : null;
}
