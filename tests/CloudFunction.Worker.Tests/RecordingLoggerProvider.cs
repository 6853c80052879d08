using System.Collections.Concurrent;
using CloudFunction.Worker.Functions;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Tests;

/// <summary>Keeps records with the invocation that they belong to, as the session does.</summary>
internal sealed class RecordingLoggerProvider : ILoggerProvider
{
    public ConcurrentQueue<Record> Records { get; } = new();

    public bool IsDisposed { get; private set; }

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void Dispose() => IsDisposed = true;

    internal sealed record Record(string Category, LogLevel Level, string Message, string? InvocationId, string? Function, Exception? Exception);

    private sealed class Recorder(RecordingLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var invocation = InvocationScope.Current;
            owner.Records.Enqueue(
                new Record(category, logLevel, formatter(state, exception), invocation?.InvocationId, invocation?.Function, exception));
        }
    }
}
