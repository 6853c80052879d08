using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Dispatch;

namespace CloudFunction.Runtime.Tests.Tasks.Dispatch;

public sealed class AttemptJudgeTests
{
    private static readonly InvocationError Error = new("It broke.");

    [Theory]
    [InlineData((int)InvocationOutcome.Succeeded, (int)AttemptVerdict.Complete, 0, 0)]
    [InlineData((int)InvocationOutcome.InvalidPayload, (int)AttemptVerdict.Fail, 0, 0)]
    [InlineData((int)InvocationOutcome.NotFound, (int)AttemptVerdict.Fail, 0, 0)]
    [InlineData((int)InvocationOutcome.Rejected, (int)AttemptVerdict.Requeue, 1, 1)]
    [InlineData((int)InvocationOutcome.Cancelled, (int)AttemptVerdict.Requeue, 1, 1)]
    [InlineData((int)InvocationOutcome.FunctionFailed, (int)AttemptVerdict.Retry, 4, 8)]
    [InlineData((int)InvocationOutcome.TimedOut, (int)AttemptVerdict.Retry, 4, 8)]
    [InlineData((int)InvocationOutcome.WorkerLost, (int)AttemptVerdict.Retry, 4, 8)]
    [InlineData((int)InvocationOutcome.ProtocolFailed, (int)AttemptVerdict.Retry, 4, 8)]
    public void Judge_EachOutcomeOfAThirdAttempt_HasItsVerdictAndDelay(int outcome, int verdict, int leastSeconds, int mostSeconds)
    {
        var end = AttemptJudge.Judge((InvocationOutcome)outcome, Error, attempt: 3, isCancelRequested: false);

        Assert.Equal(((AttemptVerdict)verdict, (InvocationOutcome)outcome, Error), (end.Verdict, end.Outcome, end.Error));
        Assert.InRange(end.Delay, TimeSpan.FromSeconds(leastSeconds), TimeSpan.FromSeconds(mostSeconds));
    }

    [Fact]
    public void Judge_SomebodyWantedToCancel_CancelsUnlessItSucceeded()
    {
        foreach (var outcome in Enum.GetValues<InvocationOutcome>())
        {
            Assert.Equal(
                outcome == InvocationOutcome.Succeeded ? AttemptVerdict.Complete : AttemptVerdict.Cancel,
                AttemptJudge.Judge(outcome, null, attempt: 1, isCancelRequested: true).Verdict);
        }
    }
}
