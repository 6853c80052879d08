using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Workers;

/// <summary>What happens on a worker's connection besides calls. Called on its reader, so it must not block.</summary>
internal interface IWorkerConnectionEvents
{
    void OnReady(ReadyMessage ready);

    void OnLoadFailed(LoadFailedMessage failed);

    void OnLog(LogMessage record);

    void OnStats(StatsMessage stats);

    /// <summary>A call was abandoned so long ago that its function can be taken to ignore its token.</summary>
    void OnStuck();

    void OnEnded(ConnectionEnd end);
}
