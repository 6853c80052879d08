using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks;

public sealed class TaskStatusRulesTests
{
    [Fact]
    public void FinalAndWaiting_EveryStatus_IsSortedIn()
    {
        Assert.Equal([FunctionTaskStatus.Completed, FunctionTaskStatus.Failed, FunctionTaskStatus.Cancelled], TaskStatusRules.Final);
        Assert.Equal([FunctionTaskStatus.Created, FunctionTaskStatus.Retrying], TaskStatusRules.Waiting);
        Assert.All(Enum.GetValues<FunctionTaskStatus>(), status => Assert.Equal(TaskStatusRules.Final.Contains(status), status.IsFinal()));
        Assert.All(Enum.GetValues<FunctionTaskStatus>(), status => Assert.Equal(TaskStatusRules.Waiting.Contains(status), status.IsWaiting()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(6)]
    public void IsFinal_NoSuchStatus_Throws(int status)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((FunctionTaskStatus)status).IsFinal());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((FunctionTaskStatus)status).IsWaiting());
    }
}
