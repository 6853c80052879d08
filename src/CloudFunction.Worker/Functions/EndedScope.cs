using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Worker.Functions;

/// <summary>Stands where the scope of an invocation was that is over: a scope opened now would never be disposed.</summary>
internal sealed class EndedScope : IServiceScope
{
    public static readonly EndedScope Instance = new();

    private EndedScope()
    {
    }

    /// <exception cref="ObjectDisposedException">Always.</exception>
    public IServiceProvider ServiceProvider =>
        throw new ObjectDisposedException(
            nameof(FunctionContext),
            "The invocation has ended, and its services with it. Work that goes on after it needs a scope of its own, from IServiceScopeFactory.");

    public void Dispose()
    {
    }
}
