using System.Diagnostics.CodeAnalysis;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Session;

/// <summary>One open stream: an invocation whose payload is coming in, or which runs, or whose result is going out.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing, and user code may keep its token.")]
internal sealed class RunningInvocation(uint streamId, FunctionInvoker invoker, InlinePolicy policy, in InvokeHeader header, PayloadBuffer payload)
{
    private readonly CancellationTokenSource _cancellation = new(); // Never pooled: user code may keep its token.
    private readonly InvokeHeader _header = header;
    private ReceiveCredit _receiveCredit = new(CreditWindows.StreamBytes);
    private SendCredit? _sendCredit;
    private int _started;

    public uint StreamId { get; } = streamId;

    public FunctionInvoker Invoker { get; } = invoker;

    public InlinePolicy Policy { get; } = policy;

    public UInt128 Id => _header.InvocationId;

    /// <summary>How its items are to be written, if its function is a streaming one.</summary>
    public ItemEncoding Items => _header.Items;

    /// <summary>The payload so far.</summary>
    public PayloadBuffer Payload { get; } = payload;

    /// <summary>The request's body, of an HTTP function; else null.</summary>
    public RequestBody? Body { get; set; }

    public CancellationToken Token => _cancellation.Token;

    /// <summary>What the host has room for of the result.</summary>
    public SendCredit SendCredit =>
        LazyInitializer.EnsureInitialized(ref _sendCredit, static () => new SendCredit(CreditWindows.StreamBytes));

    /// <summary>Whether the caller is the first to start or end it.</summary>
    public bool TryStart() => Interlocked.Exchange(ref _started, 1) == 0;

    /// <summary>What the function gets of the call. Its time runs from now: the host does not count what the client took to
    /// send the payload.</summary>
    public InvocationMetadata Describe(DateTimeOffset now) =>
        new(_header.InvocationId, _header.Attempt, now.AddMilliseconds(_header.RemainingMilliseconds), _header.TraceParent);

    /// <summary>The host used credit of this stream.</summary>
    public void UseReceiveCredit(int bytes) => _receiveCredit.Use(bytes);

    /// <summary>What to grant the host again, or 0.</summary>
    public int ReleaseReceiveCredit(int bytes) => _receiveCredit.Release(bytes);

    /// <summary>Fires the token. Runs what the function registered on it, so it is foreign code.</summary>
    /// <returns>What such a registration threw, or null.</returns>
    public Exception? Cancel()
    {
        Body?.Abort();
        try
        {
            _cancellation.Cancel();
            return null;
        }
        catch (AggregateException e)
        {
            return e;
        }
    }
}
