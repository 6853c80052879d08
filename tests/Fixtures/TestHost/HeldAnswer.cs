namespace TestHost;

/// <summary>Keeps an answer from its client: it is made, the file that the header <c>X-Hold-Answer</c> names says so, and no byte
/// of it is ever sent.</summary>
internal static class HeldAnswer
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers["X-Hold-Answer"].ToString() is { Length: > 0 } marker)
        {
            context.Response.OnStarting(async () =>
            {
                await File.WriteAllTextAsync(marker, $"{context.Response.StatusCode}");
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            });
        }

        return next(context);
    }
}
