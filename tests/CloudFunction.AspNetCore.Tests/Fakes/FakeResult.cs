using System.Text;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.AspNetCore.Tests.Fakes;

/// <summary>A result of some parts; <paramref name="breaksOff"/> makes it break after the last.</summary>
internal sealed class FakeResult(byte[][] parts, bool breaksOff = false, ItemEncoding format = ItemEncoding.Array) : InvocationResult
{
    private int _part;
    private bool _disposed;

    public FakeResult(string json)
        : this([Encoding.UTF8.GetBytes(json)])
    {
    }

    public FakeResult(InvocationOutcome outcome, RejectionReason reason = RejectionReason.None, string? exceptionType = null, string? field = null)
        : this([])
    {
        Outcome = outcome;
        Reason = reason;
        Error = new InvocationError("what went wrong", exceptionType, field);
    }

    public bool Disposed => Volatile.Read(ref _disposed);

    public override InvocationOutcome Outcome { get; } = InvocationOutcome.Succeeded;

    public override RejectionReason Reason { get; }

    public override InvocationError? Error { get; }

    public override string InvocationId => "0123456789abcdef0123456789abcdef";

    public override TimeSpan ExecutionTime { get; } = TimeSpan.FromMilliseconds(5);

    public override ItemEncoding Items => format;

    public override ReadOnlyMemory<byte> Payload => _disposed ? throw new ObjectDisposedException(nameof(FakeResult)) : parts[_part];

    public override bool IsComplete => _part == parts.Length - 1 && !breaksOff;

    public override async ValueTask ReadAsync()
    {
        await Task.Yield();
        if (_part == parts.Length - 1)
        {
            throw new InvocationBrokenException(InvocationOutcome.WorkerLost, RejectionReason.None, InvocationId, new InvocationError("worker lost"));
        }

        _part++;
    }

    public override void Dispose() => Volatile.Write(ref _disposed, true);
}
