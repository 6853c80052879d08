using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Session;

/// <summary>Sends records of one category to the host.</summary>
internal sealed class SessionLogger(string category, SessionLoggerProvider provider) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= provider.MinLevel;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var invocation = InvocationScope.Current;
        provider.Write(new LogMessage(
            provider.Time.GetUtcNow().UtcTicks, (int)logLevel, eventId.Id, category, LogText.Of(state, exception, formatter),
            LogValue.TextOf(exception), invocation?.Function, invocation?.Id ?? default, invocation?.TraceId,
            LogProperties.Of(state, provider.Scopes), Dropped: 0));
    }
}
