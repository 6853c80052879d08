using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public class NameLocksTests
{
    private readonly NameLocks _locks = new();
    private readonly TaskCompletionSource _release = new();

    [Fact]
    public async Task RunAsync_SameName_OneAfterTheOtherAndOthersBesideIt()
    {
        var first = _locks.RunAsync("shop", () => _release.Task, CancellationToken.None);
        var ran = false;
        var second = _locks.RunAsync("shop", () => Task.FromResult(ran = true), CancellationToken.None);

        Assert.True(await _locks.RunAsync("other", () => Task.FromResult(true), CancellationToken.None));
        Assert.False(ran);
        _release.SetResult();
        await first;

        Assert.True(await second);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileItWaits_DoesNothingAndKeepsTheTurnOfOthers()
    {
        using var cancelled = new CancellationTokenSource();
        var first = _locks.RunAsync("shop", () => _release.Task, CancellationToken.None);
        var ran = false;
        var second = _locks.RunAsync("shop", () => Task.FromResult(ran = true), cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _release.SetResult();
        await first;
        Assert.False(ran);
        Assert.True(await _locks.RunAsync("shop", () => Task.FromResult(true), CancellationToken.None));
    }

    [Fact]
    public async Task TryRunAsync_WhileSomethingIsBeingDone_DoesNothing()
    {
        var count = 0;
        var first = _locks.RunAsync("shop", () => _release.Task, CancellationToken.None);
        await _locks.TryRunAsync("shop", Count);
        Assert.Equal(0, count);
        _release.SetResult();
        await first;

        await Assert.ThrowsAsync<InvalidOperationException>(() => _locks.TryRunAsync("shop", () => throw new InvalidOperationException()));
        await _locks.TryRunAsync("shop", Count);

        Assert.Equal(1, count);

        Task Count()
        {
            count++;
            return Task.CompletedTask;
        }
    }
}
