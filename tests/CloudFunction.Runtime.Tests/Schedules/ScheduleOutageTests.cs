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

    private static Task SetAsync(Scheduler scheduler, params ScheduleDefinition[] definitions) =>
        scheduler.SetAsync(ScheduleSource.File, null, definitions, default);

    private Scheduler Make()
    {
        var tasks = new TaskOperations(_store, new SchedulerUnderTest.AnyFunction(), 3);
        var starter = new ScheduleStarter(_schedules, tasks, _store, _time, new RecordingLogger<ScheduleStarter>());
        return new Scheduler(_schedules, starter, _time, new RecordingLogger<Scheduler>());
    }
}
