using CloudFunction.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Invocations;

/// <summary>A worker's connection as its supervisor uses it. Calls go over the <see cref="WorkerConnection"/> itself. Thread safe.</summary>
internal interface IWorkerLink : IDisposable
{
    /// <summary>Calls that the worker has not ended, those that their callers gave up included.</summary>
    int InFlight { get; }

    /// <summary>Calls that it was given so far.</summary>
    long Opened { get; }

    /// <summary>Whether every open call was given up so long ago that its function has had the time to end: nobody waits for this worker.</summary>
    bool OnlyAbandoned { get; }

    /// <summary>How long ago the worker last answered a ping.</summary>
    TimeSpan SinceLastPong { get; }

    /// <summary>Has it load a deployment.</summary>
    void Load(LoadMessage load);

    /// <summary>Has it send log records from that level on, and none below.</summary>
    void SetLogLevel(LogLevel level);

    /// <summary>Takes no more calls; those that run go on.</summary>
    void Refuse();

    /// <summary>Ends every call that is still awaited, because its project or the host stops.</summary>
    void CutCalls();

    /// <summary>Has it finish what runs, stop and exit.</summary>
    void Drain();

    /// <summary>Asks for a sign of life.</summary>
    void Ping();
}
