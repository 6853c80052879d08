namespace TestHost;

/// <summary>What careless middleware does: after <c>next()</c> it keeps its thread, whichever that is, until the file exists that the header
/// <c>X-Block-Until</c> names. That it has begun to, a file <c>….blocked</c> shows.</summary>
internal static class BlockingMiddleware
{
    // Far longer than a test waits for it.
    private static readonly TimeSpan AtMost = TimeSpan.FromMinutes(5);

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Request.Headers["X-Block-Until"].ToString() is { Length: > 0 } file)
        {
            File.Create(file + ".blocked").Dispose(); // On this very thread still.
            SpinWait.SpinUntil(() => File.Exists(file), AtMost);
        }
    }
}
