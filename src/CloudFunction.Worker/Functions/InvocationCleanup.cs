using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Worker.Functions;

/// <summary>Disposes what an invocation leaves behind, once its result has been serialized.</summary>
internal static partial class InvocationCleanup
{
    /// <summary>Whether instances of <paramref name="type"/> want to be disposed.</summary>
    public static bool IsNeededFor(Type type) => type.IsAssignableTo(typeof(IAsyncDisposable)) || type.IsAssignableTo(typeof(IDisposable));

    /// <summary>Disposes the function, then its scope. Never throws: a failure is logged, and the result stands.</summary>
    public static async ValueTask RunAsync(object? function, IServiceScope? scope, InvocationContext context)
    {
        await DisposeAsync(function, context).ConfigureAwait(false);
        await DisposeAsync(scope, context).ConfigureAwait(false);
    }

    private static async ValueTask DisposeAsync(object? target, InvocationContext context)
    {
        try
        {
            switch (target)
            {
                case IAsyncDisposable asynchronous:
                    await asynchronous.DisposeAsync().ConfigureAwait(false);
                    break;
                case IDisposable synchronous:
                    synchronous.Dispose();
                    break;
            }
        }
        catch (Exception exception)
        {
            // The user's code: the result has been made, and nothing of the caller's depends on what comes after it.
            LogDisposeFailed(context.Logger, exception, context.Function, context.InvocationId);
        }
    }
}
