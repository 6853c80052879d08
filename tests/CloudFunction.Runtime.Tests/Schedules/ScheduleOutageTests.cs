using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tests.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>Schedules whose store cannot be written for a while.</summary>
public sealed class ScheduleOutageTests : IDisposable
{
    private const string Id = "project_shop_tick";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly MemoryTaskStore _store;
    private readonly UnreliableSchedules _schedules;

    public ScheduleOutageTests()
    {
        _store = new MemoryTaskStore(_time);
        _schedules = new UnreliableSchedules(_store);
    }

    public void Dispose() => _store.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Fact]
    public async Task SetAsync_RemovedWhileTheStoreIsDownAndComesBack_IsNew()
    {
        using (var scheduler = Make())
        {
            await SetAsync(scheduler, EveryTen.Schedule());
            await scheduler.PauseAsync(Id, default);
            _schedules.IsDown = true;
            await SetAsync(scheduler);
            Assert.Null(scheduler.Find(Id));
            _schedules.IsDown = false;

            await SetAsync(scheduler, EveryTen.Schedule());

            Assert.False(scheduler.Find(Id)!.IsPaused);
        }

        using var next = Make();
        await next.LoadAsync(default);
        await SetAsync(next, EveryTen.Schedule());
        Assert.False(next.Find(Id)!.IsPaused); // The new state took the old one's place.
    }

    [Fact]
    public async Task SetAsync_StoreIsDown_CountsAndIsStoredWithItsNextChange()
    {
        using var scheduler = Make();
        _schedules.IsDown = true;
        await SetAsync(scheduler, EveryTen.Schedule());
        Assert.NotNull(scheduler.Find(Id));
        _schedules.IsDown = false;

        Assert.Null((await scheduler.PauseAsync(Id, default)).Refusal);

        Assert.True(ScheduleState.FromJson((await _store.FindScheduleAsync(Id, default))!).IsPaused);
    }

    /// <summary>A project that is deleted while the disk is full: the deletion is refused, and nothing of it is forgotten.</summary>
    [Fact]
    public async Task ForgetAsync_StoreIsDown_FailsAndLeavesThem()
    {
        using var scheduler = Make();
        Assert.Null((await scheduler.AddAsync(EveryTen.Schedule() with { Source = ScheduleSource.Api }, default)).Refusal);
        _schedules.IsDown = true;
        await Assert.ThrowsAsync<TaskStoreException>(() => scheduler.ForgetAsync("shop", default));
        Assert.Equal(["shop"], scheduler.ListProjectsOfApi());
        _schedules.IsDown = false;

        await scheduler.ForgetAsync("shop", default);

        Assert.Empty(scheduler.ListProjectsOfApi());
        Assert.Null(await _store.FindScheduleAsync(Id, default));
    }

    /// <summary>A host that starts while the disk of its store is full, on schedules of the host before.</summary>
    [Fact]
    public async Task RunAsync_StoreCannotBeReadAtTheStart_TakesUpWhatIsStoredBeforeAnythingRuns()
    {
        using (var before = Make())
        {
            await SetAsync(before, EveryTen.Schedule(), EveryTen.Schedule(name: "paused"));
            await before.AddAsync(EveryTen.Schedule(name: "api") with { Source = ScheduleSource.Api }, default);
            await before.PauseAsync("project_shop_paused", default);
        }

        _schedules.IsClosed = true;
        using var scheduler = Make();
        using var stopping = new CancellationTokenSource();
        await scheduler.LoadAsync(default);
        await SetAsync(scheduler, EveryTen.Schedule(), EveryTen.Schedule(name: "paused"));
        Assert.Equal((false, null), (scheduler.Find("project_shop_paused")!.IsPaused, scheduler.Find("project_shop_api")));

        var running = scheduler.RunAsync(stopping.Token);
        Pass(TimeSpan.FromMinutes(30));
        Assert.Empty((await _store.ListAsync(new TaskQuery(), default)).Tasks);
        _schedules.IsClosed = false;
        Patience.Until(
            () =>
            {
                Pass(TimeSpan.FromSeconds(1));
                return scheduler.Find(Id)?.LastRuns.Count > 0 && scheduler.Find("project_shop_api")?.LastRuns.Count > 0;
            },
            () => string.Join(", ", scheduler.List().Select(each => $"{each.Definition.Id} {each.IsPaused} {each.LastRuns.Count}")));
        await stopping.CancelAsync();
        await running;

        Assert.True(scheduler.Find("project_shop_paused")!.IsPaused);
        Assert.Empty(scheduler.Find("project_shop_paused")!.LastRuns);
        Assert.Equal(2, (await _store.ListAsync(new TaskQuery(), default)).Tasks.Count); // What was missed, once each.
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static Task SetAsync(Scheduler scheduler, params ScheduleDefinition[] definitions) =>
        scheduler.SetAsync(ScheduleSource.File, null, definitions, default);

    private Scheduler Make()
    {
        var tasks = new TaskOperations(_store, new SchedulerUnderTest.AnyFunction(), 3);
        var starter = new ScheduleStarter(_schedules, tasks, _store, _time, new RecordingLogger<ScheduleStarter>());
        return new Scheduler(_schedules, starter, _time, new RecordingLogger<Scheduler>());
    }
}
