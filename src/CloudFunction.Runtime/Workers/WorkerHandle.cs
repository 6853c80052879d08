using System.Threading.Channels;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Workers.Processes;
using CloudFunction.Runtime.Workers.Supervision;

namespace CloudFunction.Runtime.Workers;

/// <summary>The host's view of one worker. What happens to it is posted as events, and what it logs goes to its project's log. Its state is the
/// supervisor's alone to change; the rest may be read from any thread.</summary>
internal sealed class WorkerHandle : IWorkerConnectionEvents
{
    private readonly ChannelWriter<SupervisorEvent> _events;
    private readonly IWorkerOutputSink _output;
    private IWorkerLink? _link;
    private WorkerConnection? _connection;
    private int _state;
    private long _memoryBytes;
    private bool _hasLoggedItsEnd;
    private bool _debugged;
    private Action? _kill;
    private bool _killed;

    /// <param name="endpoint">How it reaches this host.</param>
    /// <param name="pool">The pool that it is started for; null for one on standby.</param>
    /// <param name="startedAt">When it was started.</param>
    /// <param name="events">Where what happens to it is reported.</param>
    /// <param name="output">Takes its log records.</param>
    public WorkerHandle(
        WorkerEndpoint endpoint, WorkerPool? pool, DateTimeOffset startedAt, ChannelWriter<SupervisorEvent> events, IWorkerOutputSink output)
    {
        _events = events;
        _output = output;
        Endpoint = endpoint;
        Pool = pool;
        StartedAt = startedAt;
    }

    public string Id => Endpoint.WorkerId;

    /// <summary>How it reaches this host.</summary>
    public WorkerEndpoint Endpoint { get; }

    /// <summary>The pool that it works for, or null while it is on standby.</summary>
    public WorkerPool? Pool { get; set; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>When its present state began, as a timestamp.</summary>
    public long StateSince { get; set; }

    public WorkerOutput? StandardError { get; set; }

    public int Pid { get; set; }

    /// <summary>Whether it was started for its pool's deployment alone.</summary>
    public bool OwnProcess { get; init; }

    /// <summary>Why the supervisor ends it, where it does.</summary>
    public string? EndReason { get; set; }

    /// <summary>Until when its calls may finish while it drains, as a timestamp.</summary>
    public long DrainDeadline { get; set; }

    /// <summary>Whether a function of it ignores its token.</summary>
    public bool Stuck { get; set; }

    /// <summary>Whether it was asked to drain, so that it will exit.</summary>
    public bool DrainSent { get; set; }

    /// <summary>Whether it has logged the exception that ends it: what comes on standard error from then on is a copy, kept for the report of its end
    /// alone.</summary>
    public bool HasLoggedItsEnd
    {
        get => Volatile.Read(ref _hasLoggedItsEnd);
        private set => Volatile.Write(ref _hasLoggedItsEnd, value);
    }

    /// <summary>Whether a debugger holds it, by its last report.</summary>
    public bool Debugged
    {
        get => Volatile.Read(ref _debugged);
        private set => Volatile.Write(ref _debugged, value);
    }

    public WorkerState State
    {
        get => (WorkerState)Volatile.Read(ref _state);
        set => Volatile.Write(ref _state, (int)value);
    }

    /// <summary>Its connection, for calls; null until it is connected.</summary>
    public WorkerConnection? Connection => Volatile.Read(ref _connection);

    /// <summary>The same connection, for the supervisor; null until it is connected.</summary>
    public IWorkerLink? Link => Volatile.Read(ref _link);

    public int InFlight => Connection?.InFlight ?? 0;

    /// <summary>It runs now.</summary>
    /// <param name="kill">Ends it at once, with all that it has started.</param>
    public void Started(Action kill)
    {
        Volatile.Write(ref _kill, kill);
        Interlocked.MemoryBarrier(); // Either Kill sees how, or this sees that it was to be killed.
        if (Volatile.Read(ref _killed))
        {
            kill();
        }
    }

    /// <summary>Ends it at once, or as soon as it runs.</summary>
    public void Kill()
    {
        Volatile.Write(ref _killed, true);
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _kill)?.Invoke();
    }

    /// <summary>It has ended: there is nothing left to kill.</summary>
    public void Exited() => Volatile.Write(ref _kill, null);

    /// <summary>Takes the connection over which it has shown its secret.</summary>
    /// <returns>False where it has one already.</returns>
    public bool TryConnect(IWorkerLink link)
    {
        if (Interlocked.CompareExchange(ref _link, link, null) is not null)
        {
            return false;
        }

        Volatile.Write(ref _connection, link as WorkerConnection);
        return true;
    }

    /// <summary>Reports that it is connected and knows its limits, so that it can load a deployment.</summary>
    public void ReportConnected() => _events.TryWrite(new SupervisorEvent.Connected(this));

    /// <summary>What is known of it now.</summary>
    public WorkerInfo Describe() => new(
        Id, Pid, Pool?.Deployment.Project, Pool?.Deployment.Version, State, InFlight, Volatile.Read(ref _memoryBytes), StartedAt);

    void IWorkerConnectionEvents.OnReady(ReadyMessage ready) => _events.TryWrite(new SupervisorEvent.Loaded(this, ready));

    void IWorkerConnectionEvents.OnLoadFailed(LoadFailedMessage failed) => _events.TryWrite(new SupervisorEvent.LoadFailed(this, failed));

    void IWorkerConnectionEvents.OnLog(LogMessage record, ILogWindow window, int bytes)
    {
        if (record.IsErrorOutput)
        {
            StandardError?.Remember(record.Message);
        }

        if (Pool is { } pool)
        {
            _output.Write(pool.Deployment.Project, record, window, bytes);
        }
        else
        {
            window.Release(bytes); // On standby it runs no code of any project: there is no log to write to.
        }
    }

    void IWorkerConnectionEvents.OnDying() => HasLoggedItsEnd = true;

    void IWorkerConnectionEvents.OnStats(StatsMessage stats)
    {
        Volatile.Write(ref _memoryBytes, stats.ResidentBytes);
        Debugged = stats.Debugged;
    }

    void IWorkerConnectionEvents.OnStuck() => _events.TryWrite(new SupervisorEvent.Stuck(this));

    void IWorkerConnectionEvents.OnEnded(ConnectionEnd end) => _events.TryWrite(new SupervisorEvent.ConnectionEnded(this, end));
}
