using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Tasks.Storage;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

public sealed class WriteBudgetTests
{
    private readonly WriteBudget _budget = new(100);

    [Fact]
    public async Task TakeAsync_NoRoom_WaitsInTurn()
    {
        await TakeAsync(80);
        var (large, small) = (TakeAsync(60), TakeAsync(10));

        // The small one does not overtake, or the large one might wait for ever.
        Assert.Equal((false, false), (large.IsCompleted, small.IsCompleted));
        _budget.Release(80);
        await large.Soon($"{_budget.Used} bytes are taken");
        await small.Soon($"{_budget.Used} bytes are taken");
        Assert.Equal(70, _budget.Used);
    }

    [Fact]
    public async Task TakeAsync_MoreThanTheBound_PassesAlone()
    {
        await TakeAsync(1);
        var huge = TakeAsync(1000);
        Assert.False(huge.IsCompleted);
        _budget.Release(1);
        await huge.Soon($"{_budget.Used} bytes are taken");

        Assert.False(TakeAsync(1).IsCompleted);
    }

    [Fact]
    public async Task TakeAsync_Cancelled_LetsThoseBehindItPass()
    {
        await TakeAsync(80);
        using var cancellation = new CancellationTokenSource();
        var large = TakeAsync(60, cancellation.Token);
        var small = TakeAsync(10);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small.Soon($"{_budget.Used} bytes are taken");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TakeAsync(1, cancellation.Token));
        Assert.Equal(90, _budget.Used);
    }

    private Task TakeAsync(long bytes, CancellationToken cancellationToken = default) => _budget.TakeAsync(bytes, cancellationToken).AsTask();
}
