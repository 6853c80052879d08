using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>What happens on a worker's connection besides calls. Called on its reader, so it must not block.</summary>
internal interface IWorkerConnectionEvents
{
    /// <summary>Whether a debugger holds the worker, so that nothing it does has a time limit.</summary>
    bool Debugged { get; }

    void OnReady(ReadyMessage ready);

    void OnLoadFailed(LoadFailedMessage failed);

    /// <summary>A log record came.</summary>
    /// <param name="record">The record.</param>
    /// <param name="window">Whose room it takes.</param>
    /// <param name="bytes">How much: to be released once the record was written or dropped.</param>
    void OnLog(LogMessage record, ILogWindow window, int bytes);

    /// <summary>The worker is about to end by an exception, which it has logged.</summary>
    void OnDying();

    void OnStats(StatsMessage stats);

    /// <summary>A call was abandoned so long ago that its function can be taken to ignore its token.</summary>
    void OnStuck();

    void OnEnded(ConnectionEnd end);
}
