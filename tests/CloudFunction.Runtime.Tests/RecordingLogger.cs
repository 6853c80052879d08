using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tests;

/// <summary>Keeps what is logged, from whatever thread; to be read once that is over, or under a lock of the list.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    public List<string> Messages { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Messages)
        {
            Messages.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }
}
