using System.Globalization;

namespace TestHost;

/// <summary>What careless middleware does: after <c>next()</c> it keeps its thread, whichever that is, for as many milliseconds as the header
/// <c>X-Block-After</c> says.</summary>
internal static class BlockingMiddleware
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Request.Headers["X-Block-After"].ToString() is { Length: > 0 } milliseconds)
        {
            using var never = new ManualResetEventSlim();
            never.Wait(int.Parse(milliseconds, CultureInfo.InvariantCulture));
        }
    }
}
