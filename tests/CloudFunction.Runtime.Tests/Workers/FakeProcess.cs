using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;
using CloudFunction.Runtime.Workers.Processes;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>A worker's process that is none: it does what a test says, and ends at once when it is killed.</summary>
internal sealed class FakeProcess(WorkerHandle worker)
{
    // What follows its end runs at once: when Exit returns, the supervisor's loop has been told.
    private readonly TaskCompletionSource<int> _ended = new();

    public WorkerHandle Worker => worker;

    public FakeLink Link { get; } = new();

    /// <summary>Ends with its exit code, or with why it could not run.</summary>
    public Task<int> Ended => _ended.Task;

    public bool HasEnded => _ended.Task.IsCompleted;

    public bool IsKilled { get; private set; }

    /// <summary>Whether a kill takes until the test has it exit.</summary>
    public bool Lingers { get; set; }

    private IWorkerConnectionEvents Events => worker;

    public void Connect()
    {
        Assert.True(worker.TryConnect(Link));
        worker.ReportConnected();
    }

    public void BecomeReady() => BecomeReady([]);

    public void BecomeReady(IReadOnlyList<FunctionDescription> functions) => Events.OnReady(new ReadyMessage(functions, []));

    public void FailLoad(string message, bool dependency = false) =>
        Events.OnLoadFailed(new LoadFailedMessage(dependency, message, $"Exception: {message}"));

    public void ReportStuck() => Events.OnStuck();

    public void ReportStats(bool debugged) => Events.OnStats(new StatsMessage(1 << 20, 0, 0, 0, debugged));

    public void Log(LogMessage record, ILogWindow window, int bytes) => Events.OnLog(record, window, bytes);

    /// <summary>It has written this to standard error.</summary>
    public void WriteError(string line)
    {
        worker.StandardError ??= new WorkerOutput(Stream.Null, static _ => { }, static _ => { }, TimeProvider.System);
        worker.StandardError.Remember(line);
    }

    public void EndConnection(ConnectionEndReason reason = ConnectionEndReason.PeerClosed, string message = "") =>
        Events.OnEnded(new ConnectionEnd(reason, message));

    public void Exit(int code) => _ended.TrySetResult(code);

    public void FailToStart(string message) => _ended.TrySetException(new IOException(message));

    public void Kill()
    {
        IsKilled = true;
        if (!Lingers)
        {
            Exit(128 + 9);
        }
    }

    public override string ToString() =>
        $"{worker.Id} of {worker.Pool?.Deployment.Project ?? "nobody"} {worker.State}{(IsKilled ? " killed" : "")}{(HasEnded ? " ended" : "")} "
        + $"[{string.Join(", ", Link.Commands)}]";
}
