using System.Text;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.AspNetCore.Tests.Fakes;

/// <summary>The response of an HTTP function whose worker sends what it likes: a head, then parts one by one, then trailers.</summary>
internal sealed class FakeHttpResult(int status, (string Name, string Value)[] headers, params string[] parts) : InvocationResult
{
    private int _next;

    /// <summary>What the host has made of it; null where it was content.</summary>
    public InvocationError? FailedWith { get; private set; }

    public bool Disposed { get; private set; }

    public (string Name, string Value)[] SentTrailers { get; init; } = [];

    public override InvocationOutcome Outcome => InvocationOutcome.Succeeded;

    public override RejectionReason Reason => RejectionReason.None;

    public override InvocationError? Error => null;

    public override string InvocationId => "0123456789abcdef0123456789abcdef";

    public override TimeSpan ExecutionTime => TimeSpan.Zero;

    public override ItemEncoding Items => ItemEncoding.Array;

    public override HttpHead Head { get; } = new(status, [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))]);

    public override IReadOnlyList<KeyValuePair<string, string>> Trailers =>
        [.. SentTrailers.Select(each => KeyValuePair.Create(each.Name, each.Value))];

    // The head alone comes first.
    public override ReadOnlyMemory<byte> Payload => _next == 0 ? default : Encoding.UTF8.GetBytes(parts[_next - 1]);

    public override bool IsComplete => _next == parts.Length;

    public override async ValueTask ReadAsync()
    {
        await Task.Yield();
        _next++;
    }

    public override void Fail(InvocationError error) => FailedWith = error;

    public override void Dispose() => Disposed = true;
}
