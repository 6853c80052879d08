using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>The result of a call that no worker ever got.</summary>
internal sealed class UndispatchedResult(InvocationOutcome outcome, Rejection? rejection) : InvocationResult
{
    public override InvocationOutcome Outcome => outcome;

    public override RejectionReason Reason => rejection?.Reason ?? RejectionReason.None;

    public override Rejection? Rejection => rejection;

    public override InvocationError? Error { get; } = rejection is null
        ? InvocationEnd.TakenBack.Error
        : new InvocationError(rejection.Message);

    public override string InvocationId { get; } = Invocations.InvocationId.Format(Invocations.InvocationId.New());

    public override TimeSpan ExecutionTime => TimeSpan.Zero;

    public override ItemEncoding Items => ItemEncoding.Array;

    public override ReadOnlyMemory<byte> Payload => default;

    public override bool IsComplete => true;

    public static UndispatchedResult Rejected(Rejection rejection) => new(
        rejection.Reason is RejectionReason.ProjectNotFound or RejectionReason.FunctionNotFound
            ? InvocationOutcome.NotFound
            : InvocationOutcome.Rejected,
        rejection);

    public static UndispatchedResult Cancelled() => new(InvocationOutcome.Cancelled, null);

    public override ValueTask ReadAsync() => throw new InvalidOperationException("The result is complete.");

    public override void Dispose()
    {
        // Nothing is held.
    }
}
