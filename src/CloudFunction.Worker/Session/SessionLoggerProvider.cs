using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Session;

/// <summary>Makes loggers that send their records to the host. Where the host is slower than they are, each record waits a little,
/// then is dropped and counted; the next one that goes through has their number.</summary>
internal sealed class SessionLoggerProvider(FrameConnection connection, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    private const int FailureEventId = 1002;
    private const int CrashEventId = 1006;

    private readonly LogCredit _credit = new();
    private volatile LogLevel _minLevel = LogLevel.Information; // The host may change it at any time.
    private long _dropped;
    private long _droppedUntold;

    /// <summary>Records below it are not sent.</summary>
    public LogLevel MinLevel
    {
        get => _minLevel;
        set => _minLevel = value;
    }

    /// <summary>How many records were dropped.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public IExternalScopeProvider? Scopes { get; private set; }

    public TimeProvider Time { get; } = time;

    public ILogger CreateLogger(string categoryName) => new SessionLogger(categoryName, this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>The name of the project's own logger.</summary>
    public string Category { get; set; } = "cloudfunction.projects";

    /// <summary>Sends the record of a failed invocation, with the exception's stack, which the caller never gets.</summary>
    public void WriteFailure(string function, in InvocationMetadata invocation, InvocationFailure failure)
    {
        if (MinLevel <= LogLevel.Error)
        {
            Write(new LogMessage(
                Time.GetUtcNow().UtcTicks, (int)LogLevel.Error, FailureEventId, Category, $"Function {function} failed: {failure.Message}",
                LogValue.TextOf(failure.Exception), function, invocation.Id, invocation.ReadTraceId(), [], Dropped: 0));
        }
    }

    /// <summary>Sends the stack of the exception that ends this process.</summary>
    /// <returns>Whether it went out.</returns>
    public bool WriteCrash(Exception exception)
    {
        var invocation = InvocationScope.Current;
        return MinLevel <= LogLevel.Critical && Write(new LogMessage(
            Time.GetUtcNow().UtcTicks, (int)LogLevel.Critical, CrashEventId, Category,
            $"An exception that nobody caught ends this worker: {InvocationFailure.MessageOf(exception)}", LogValue.TextOf(exception),
            invocation?.Function, invocation?.Id ?? default, invocation?.TraceId, [], Dropped: 0));
    }

    /// <summary>Sends a line that managed code wrote to a standard stream.</summary>
    public void WriteConsole(bool isError, string line, InvocationContext? invocation)
    {
        var level = isError ? LogLevel.Error : LogLevel.Information;
        if (MinLevel <= level)
        {
            Write(new LogMessage(
                Time.GetUtcNow().UtcTicks, (int)level, EventId: 0, Category, line, Exception: null, invocation?.Function, invocation?.Id ?? default,
                invocation?.TraceId, [], Dropped: 0)
            {
                IsErrorOutput = isError,
            });
        }
    }

    /// <summary>Sends a record.</summary>
    /// <returns>False where it was dropped.</returns>
    public bool Write(LogMessage record)
    {
        var untold = Interlocked.Exchange(ref _droppedUntold, 0);
        var frame = (untold == 0 ? record : record with { Dropped = untold }).Encode();
        if (_credit.TryTake(frame.Length))
        {
            connection.Send(FrameType.Log, 0, frame);
            return true;
        }

        Interlocked.Increment(ref _dropped);
        Interlocked.Add(ref _droppedUntold, untold + 1);
        return false;
    }

    /// <summary>The host has room for so many bytes of records more.</summary>
    /// <exception cref="ProtocolException">Those are more than were sent.</exception>
    public void Grant(int bytes) => _credit.Grant(bytes);

    /// <summary>The connection has ended: nobody waits for it any longer.</summary>
    public void End() => _credit.End();

    public void Dispose()
    {
        // The connection is the session's.
    }
}
