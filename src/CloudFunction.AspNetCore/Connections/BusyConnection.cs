using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Connections;

/// <summary>Marks a request's connection as busy from before the app is called until its answer is complete, at no allocation.</summary>
internal static class BusyConnection
{
    private static readonly Func<object, Task> End = static connection =>
    {
        ((BoundedConnection)connection).End();
        return Task.CompletedTask;
    };

    /// <summary>Around the whole app.</summary>
    public static RequestDelegate Around(RequestDelegate app) => context =>
    {
        if (context.Features.Get<BoundedConnection>() is { } connection)
        {
            if (!connection.TryBegin())
            {
                context.Abort();
                return Task.CompletedTask;
            }

            context.Response.OnCompleted(End, connection);
        }

        return app(context);
    };
}
