using System.Diagnostics;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Session;

/// <summary>Makes loggers that send their records to the host. Where the host is slower than they are, each record waits a little,
/// then is dropped and counted; the next one that goes through says how many were.</summary>
internal sealed class SessionLoggerProvider(FrameConnection connection, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    // About twenty thousand short records: enough for any burst, and little beside the process itself.
    private const long MaxQueuedBytes = 2 * 1024 * 1024;
    private const int FailureEventId = 1002;
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    private long _dropped;
    private long _droppedUntold;

    /// <summary>Records below it are not sent.</summary>
    public LogLevel MinLevel { get; set; } = LogLevel.Information;

    /// <summary>How many records were dropped.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public IExternalScopeProvider? Scopes { get; private set; }

    public TimeProvider Time { get; } = time;

    public ILogger CreateLogger(string categoryName) => new SessionLogger(categoryName, this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>The name of the project's own logger.</summary>
    public string Category { get; set; } = "cloudfunction.projects";

    /// <summary>Sends the record of a failed invocation, with the exception's stack, which the caller never sees.</summary>
    public void WriteFailure(string function, UInt128 invocationId, InvocationFailure failure)
    {
        if (MinLevel <= LogLevel.Error)
        {
            Write(new LogMessage(
                Time.GetUtcNow().UtcTicks, (int)LogLevel.Error, FailureEventId, Category, $"Function {function} failed: {failure.Message}",
                failure.Exception?.ToString(), function, invocationId, [], Dropped: 0));
        }
    }

    /// <summary>Sends a record.</summary>
    public void Write(LogMessage record)
    {
        if (connection.QueuedBytes > MaxQueuedBytes)
        {
            var began = Stopwatch.GetTimestamp();
            if (!SpinWait.SpinUntil(() => connection.QueuedBytes <= MaxQueuedBytes || connection.Ended.IsCompleted, MaxWait)
                || Stopwatch.GetElapsedTime(began) >= MaxWait)
            {
                Interlocked.Increment(ref _dropped);
                Interlocked.Increment(ref _droppedUntold);
                return;
            }
        }

        var untold = Interlocked.Exchange(ref _droppedUntold, 0);
        connection.Send(FrameType.Log, 0, (untold == 0 ? record : record with { Dropped = untold }).Encode());
    }

    public void Dispose()
    {
        // The connection is the session's.
    }
}
