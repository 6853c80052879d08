using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.Runtime.Tests.Projects.Uploads;

public sealed class UnpackingPlacesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly UnpackingPlaces _places = new(places: 2, maxWaiting: 1);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unpacking;

    [Fact]
    public async Task RunAsync_MoreThanThereArePlaces_WaitsForOne()
    {
        var all = Enumerable.Range(0, 3).Select(_ => RunAsync()).ToArray();
        Assert.Equal(2, _unpacking);

        _end.SetResult();
        await Task.WhenAll(all).WaitAsync(Limit);

        Assert.Equal(3, _unpacking);
    }

    [Fact]
    public async Task RunAsync_MoreThanMayWait_IsRefusedUntilThereIsRoom()
    {
        var all = Enumerable.Range(0, 3).Select(_ => RunAsync()).ToArray();

        Assert.Equal(ProjectErrorCode.Busy, (await Assert.ThrowsAsync<ProjectException>(() => RunAsync())).Code);

        _end.SetResult();
        await Task.WhenAll(all).WaitAsync(Limit);
        await RunAsync().WaitAsync(Limit);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileItWaits_GivesItsRoomToAnother()
    {
        var all = Enumerable.Range(0, 2).Select(_ => RunAsync()).ToArray();
        using var leaving = new CancellationTokenSource();
        var left = RunAsync(leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(Limit));

        var next = RunAsync();
        _end.SetResult();
        await Task.WhenAll([.. all, next]).WaitAsync(Limit);

        Assert.Equal(3, _unpacking);
    }

    [Fact]
    public async Task RunAsync_UnpackingFails_GivesItsPlaceBack()
    {
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => _places.RunAsync(() => throw new IOException(), CancellationToken.None).WaitAsync(Limit));
        }
    }

    private Task RunAsync(CancellationToken cancellationToken = default) => _places.RunAsync(
        () =>
        {
            Interlocked.Increment(ref _unpacking);
            return _end.Task;
        },
        cancellationToken);
}
