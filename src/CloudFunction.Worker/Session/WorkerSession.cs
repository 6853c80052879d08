using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Transports;
using CloudFunction.Worker.Functions.Output;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Session;

/// <summary>
/// A worker's end of the connection, from hello to drain: it loads one deployment and runs its functions. It knows of no process: over any
/// duplex stream it is the same worker.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The connection's end is the session's, and the worker ends with it.")]
internal sealed class WorkerSession : IFrameHandler
{
    private static readonly TimeSpan StatsInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarmUpDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FlushPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    // A host that is well takes milliseconds; a call whose worker is dying should not wait long for its error.
    private static readonly TimeSpan LastWordsTimeout = TimeSpan.FromSeconds(1);

    private readonly FrameConnection _connection;
    private readonly WorkerIdentity _identity;
    private readonly MessageAssembler _messages = new();
    private readonly StreamTable _streams = new();

    // A cancel overtakes what waits to be sent, and so may come before the invoke that it is meant for: then that must not run. By slot, the low
    // 16 bits of a stream's number, whose next invoke shows which it was. Also holds cancels that came too late; one for each slot at most.
    private readonly Dictionary<ushort, uint> _unmetCancels = [];
    private readonly SessionLoggerProvider _logging;
    private readonly DeploymentHost _deployment;
    private readonly TimeProvider _time;
    private ConsoleCapture? _console;
    private ConfigureMessage? _limits;
    private InvocationRunner? _runner;
    private readonly bool _warmUp;
    private bool _loading;
    private int _draining;
    private int _stopped;
    private long _lastStats;

    /// <summary>Makes a session that is silent until <see cref="Start"/>.</summary>
    /// <param name="transport">Owned from now on.</param>
    /// <param name="identity">Who the worker is to the host.</param>
    /// <param name="loadEntry">Loads the assembly of that name from that folder, with all that it needs.</param>
    /// <param name="time">The clock of deadlines.</param>
    /// <param name="variables">The project's environment variables; null where the process is its own.</param>
    /// <param name="warmUp">Whether to use the time on standby to compile what loading and running a function takes.</param>
    public WorkerSession(
        Transport transport, WorkerIdentity identity, Func<string, string, Assembly> loadEntry, TimeProvider time,
        IProjectVariables? variables = null,
        bool warmUp = false)
    {
        _warmUp = warmUp;
        _identity = identity;
        _time = time;
        _connection = new FrameConnection(transport, this);
        _logging = new SessionLoggerProvider(_connection, time);
        _deployment = new DeploymentHost(loadEntry, _logging, variables ?? new OwnVariables(), time);
    }

    /// <summary>For what the worker logs outside of any function: it goes to the project's log.</summary>
    public ILogger Logger => _logging.CreateLogger(_logging.Category);

    /// <summary>Ends when the connection has ended. Never fails.</summary>
    public Task<ConnectionEnd> Ended => _connection.Ended;

    /// <summary>Has what the process's managed code writes to the console come as records of the project.</summary>
    public void CaptureConsole()
    {
        _console = new ConsoleCapture(_logging.WriteConsole);
        _console.Install();
    }

    /// <summary>An exception that nobody caught is about to end the process: reports it to the host, and waits a little until
    /// it has arrived.</summary>
    public void ReportCrash(Exception exception)
    {
        _console?.End();
        if (!_logging.WriteCrash(exception))
        {
            return; // Then what the runtime prints is all there is.
        }

        _connection.Send(FrameType.Dying, 0, default);
        var began = Stopwatch.GetTimestamp();
        Flush();

        // A ping overtakes what is queued, which is nothing by now; its pong comes when the host has handled what came before it.
        var asked = Stopwatch.GetTimestamp();
        _connection.Ping();
        SpinWait.SpinUntil(
            () => _connection.SinceLastPong < Stopwatch.GetElapsedTime(asked)
                || Ended.IsCompleted
                || Stopwatch.GetElapsedTime(began) > LastWordsTimeout,
            LastWordsTimeout);
    }

    /// <summary>The process is about to exit, by whatever code: sends what the console has of it, and waits a little until it is out.</summary>
    public void OnExit()
    {
        _console?.End();
        Flush();
    }

    /// <summary>Ends the connection from this side, whatever runs.</summary>
    public void Cut() => _connection.Dispose();

    /// <summary>Lets go of the project after the connection has ended without a drain.</summary>
    public async Task ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            using var timeout = new CancellationTokenSource(StopTimeout, _time);
            await _deployment.StopAsync(timeout.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Sends hello; from then on it serves.</summary>
    public void Start()
    {
        _connection.Start();
        _connection.Send(
            FrameType.Hello, 0, new HelloMessage(ProtocolVersion.Current, _identity.WorkerId, _identity.Secret, Environment.ProcessId).Encode());
    }

    public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Invoke:
                OnInvoke(header, payload);
                break;
            case FrameType.Data or FrameType.End:
                OnPayload(header, payload);
                break;
            case FrameType.Credit:
                _streams.Find(header.StreamId)?.SendCredit.Grant(FrameConnection.ReadCredit(payload));
                break;
            case FrameType.LogCredit:
                _logging.Grant(FrameConnection.ReadCredit(payload));
                break;
            case FrameType.SetLogLevel:
                _logging.MinLevel = ReadLogLevel(payload);
                break;
            case FrameType.Cancel:
                OnCancel(header.StreamId);
                break;
            case FrameType.Ping:
                SendStatsIfDue();
                break;
            case FrameType.Configure or FrameType.Load when _messages.Add(header, payload, out var message):
                OnMessage(header.Type, message);
                break;
            case FrameType.Configure or FrameType.Load:
                break; // More of it is to come.
            case FrameType.Drain:
                OnDrain();
                break;
            default:
                throw new ProtocolException($"A host does not send frames of type {header.Type}.");
        }
    }

    public void OnEnd(ConnectionEnd end)
    {
        foreach (var invocation in _streams.Snapshot())
        {
            invocation.SendCredit.End();
        }

        _logging.End();
    }

    // On the thread at hand, since no other may be left; a moment's spinning is all that a process has to do which is about to end.
    private void Flush() => SpinWait.SpinUntil(() => _connection.QueuedBytes == 0 || Ended.IsCompleted, LastWordsTimeout);

    private static LogLevel ReadLogLevel(ReadOnlySpan<byte> payload) =>
        payload.Length == 1 && payload[0] <= (byte)LogLevel.None
            ? (LogLevel)payload[0]
            : throw new ProtocolException($"A log level is one byte of at most {(byte)LogLevel.None}.");

    private void OnMessage(FrameType type, ReadOnlySpan<byte> message)
    {
        if (type == FrameType.Configure)
        {
            _limits = ConfigureMessage.Decode(message);
            _logging.MinLevel = (LogLevel)_limits.MinLogLevel;

            // Functions that block their threads must not wait for the pool's slow growth; threads are made only when needed.
            ThreadPool.GetMinThreads(out var workers, out var completions);
            ThreadPool.SetMinThreads(Math.Max(workers, Math.Min(_limits.MaxConcurrent, 1024) + Environment.ProcessorCount), completions);
            if (_warmUp)
            {
                _ = WarmUpAsync(); // Ends by itself; nothing waits for it.
            }

            return;
        }

        if (_limits is null)
        {
            throw new ProtocolException("A load came before configure.");
        }

        var load = LoadMessage.Decode(message);
        Volatile.Write(ref _loading, true);
        _logging.Category = DeploymentHost.CategoryOf(load.Project);
        _ = Task.Run(() => LoadAsync(load)); // Loading runs the project's own code, which must not hold the reader; it ends in a message.
    }

    // A worker that is on standby has nothing better to do; one that is wanted at once has.
    private async Task WarmUpAsync()
    {
        await Task.Delay(WarmUpDelay, _time).ConfigureAwait(false);
        if (Volatile.Read(ref _loading))
        {
            return;
        }

        try
        {
            await WarmUp.RunAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The edge of something that is only there for speed: a deployment is loaded all the same, a little later.
            WorkerLog.WarmUpFailed(Logger, e);
        }
    }

    private async Task LoadAsync(LoadMessage load)
    {
        var (ready, failed) = await _deployment.LoadAsync(load).ConfigureAwait(false);
        if (failed is not null)
        {
            _connection.SendMessage(FrameType.LoadFailed, failed.Encode());
            return;
        }

        Volatile.Write(
            ref _runner, new InvocationRunner(_connection, _streams, _deployment.Project!.Functions, _limits!, _time, _logging, OnStreamEnded));
        _connection.SendMessage(FrameType.Ready, ready!.Encode());
    }

    private void OnInvoke(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_runner is not { } runner)
        {
            throw new ProtocolException("An invocation came before the deployment was ready.");
        }

        var cancelled = _unmetCancels.Count > 0 && _unmetCancels.Remove((ushort)header.StreamId, out var stream) && stream == header.StreamId;
        runner.OnInvoke(header, payload, Volatile.Read(ref _draining) != 0 ? FailureCode.Draining : cancelled ? FailureCode.Cancelled : null);
    }

    private void OnPayload(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_streams.Find(header.StreamId) is { } invocation)
        {
            _runner!.OnPayload(invocation, header, payload);
        }

        // Else it was on its way when the stream ended.
    }

    private void OnCancel(uint streamId)
    {
        if (_streams.Find(streamId) is not { } invocation)
        {
            _unmetCancels[(ushort)streamId] = streamId;
            return;
        }

        // While this thread is surely the reader: another might be adding to the payload.
        if (_runner!.TryRefuse(invocation))
        {
            return;
        }

        // What the function registered on its token is foreign code. It runs here all the same: the pool may have no thread left.
        var mark = _connection.EnterForeignCode();
        if (invocation.Cancel() is { } thrown)
        {
            WorkerLog.CancellationCallbackFailed(Logger, thrown); // May wait, where the host is slow to read.
        }

        _connection.ExitForeignCode(mark);
    }

    private void OnDrain()
    {
        if (Interlocked.Exchange(ref _draining, 1) == 0 && _streams.Count == 0)
        {
            OnStreamEnded(0);
        }
    }

    private void OnStreamEnded(int open)
    {
        if (open == 0 && Volatile.Read(ref _draining) != 0 && Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            _ = Task.Run(StopAsync); // Ends in the connection's end.
        }
    }

    private async Task StopAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout, _time);
        await _deployment.StopAsync(timeout.Token).ConfigureAwait(false);
        _console?.End();
        while (_connection.QueuedBytes > 0 && !_connection.Ended.IsCompleted && !timeout.IsCancellationRequested)
        {
            await Task.Delay(FlushPoll, _time, CancellationToken.None).ConfigureAwait(false); // The last answers are on their way.
        }

        _connection.Dispose();
    }

    private void SendStatsIfDue()
    {
        var now = _time.GetTimestamp();
        if (_lastStats != 0 && _time.GetElapsedTime(_lastStats, now) < StatsInterval)
        {
            return;
        }

        _lastStats = now;
        _connection.Send(FrameType.Stats, 0, new StatsMessage(
            Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false), _streams.Count, _logging.Dropped, Debugger.IsAttached).Encode());
    }
}
