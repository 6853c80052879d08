using System.Collections.Concurrent;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>A worker's connection that keeps what it is told to do; how things stand on it, a test sets.</summary>
internal sealed class FakeLink : IWorkerLink
{
    private readonly ConcurrentQueue<string> _commands = new();

    public int InFlight { get; set; }

    public long Opened { get; set; }

    public bool OnlyAbandoned { get; set; }

    public TimeSpan SinceLastPong { get; set; }

    public LoadMessage? Loaded { get; private set; }

    /// <summary>Gets what it is to load, in the supervisor's loop.</summary>
    public Action<LoadMessage> OnLoad { get; set; } = static _ => { };

    /// <summary>Called when it is to end, in the supervisor's loop.</summary>
    public Action OnDrain { get; set; } = static () => { };

    public bool IsDisposed { get; private set; }

    public int Pings { get; private set; }

    /// <summary>All commands so far but pings, in order.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    public void Load(LoadMessage load)
    {
        Loaded = load;
        _commands.Enqueue($"load {load.Project} {load.Version}");
        OnLoad(load);
    }

    public void SetLogLevel(LogLevel level) => _commands.Enqueue($"level {level}");

    public void Refuse() => _commands.Enqueue("refuse");

    public void CutCalls() => _commands.Enqueue("cut");

    public void Drain()
    {
        _commands.Enqueue("drain");
        OnDrain();
    }

    public void Ping() => Pings++;

    public void Dispose() => IsDisposed = true;
}
