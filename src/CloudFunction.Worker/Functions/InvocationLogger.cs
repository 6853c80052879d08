using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Functions;

/// <summary>The project's logger in the hands of one invocation: its records carry that invocation wherever they are written, also from a
/// thread or callback to which the execution context did not flow.</summary>
internal sealed class InvocationLogger(ILogger inner, InvocationContext invocation) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var current = InvocationScope.Current;
        if (ReferenceEquals(current, invocation))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        InvocationScope.Set(invocation);
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        finally
        {
            InvocationScope.Set(current);
        }
    }
}
