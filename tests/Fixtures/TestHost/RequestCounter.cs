using System.Globalization;

namespace TestHost;

/// <summary>Counts the requests whose heads were read, and those whose answers were handed to the connection whole.</summary>
internal sealed class RequestCounter
{
    private long _read;
    private long _answered;

    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _read);
        context.Response.OnCompleted(() =>
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                Interlocked.Increment(ref _answered);
            }

            return Task.CompletedTask;
        });
        await next(context);
    }

    /// <summary>Writes <c>read answered</c>.</summary>
    public void Save(string? path)
    {
        if (path is not null)
        {
            File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{_read} {_answered}"));
        }
    }
}
