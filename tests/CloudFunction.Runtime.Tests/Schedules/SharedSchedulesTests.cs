using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>Two hosts with the same schedules over one store.</summary>
public sealed class SharedSchedulesTests
{
    private const string Id = "project_shop_tick";

    private static readonly TimeSpan ToTen = TimeSpan.FromSeconds((5 * 60) + 55);
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task PollAsync_BothHostsFindItDue_OneMakesTheRunAndBothKnowIt()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        using var other = await OtherAsync(test);
        for (var run = 1; run <= 4; run++)
        {
            await test.PassAsync(run == 1 ? ToTen : TenMinutes);
            await other.PollAsync(default);
            await other.PollAsync(default);

            Assert.Equal(run, (await test.TasksAsync()).Count);
            Assert.Equal(test.Info().LastRuns, other.Find(Id)!.LastRuns);
            await test.FinishAsync();
        }
    }

    [Fact]
    public async Task PollAsync_BothHostsAtOnce_MakeOneRun()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        using var other = await OtherAsync(test);
        test.SetClock(test.Now + ToTen);

        await Task.WhenAll(Task.Run(() => other.PollAsync(default)), Task.Run(() => test.Scheduler.PollAsync(default)));

        Assert.Single(await test.TasksAsync());
    }

    [Fact]
    public async Task PauseAsync_TheOtherHostHasRunItMeanwhile_PausesItAndKeepsTheRun()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        using var other = await OtherAsync(test);
        await test.PassAsync(ToTen);

        var paused = (await other.PauseAsync(Id, default)).Schedule!;

        Assert.True(paused.IsPaused);
        Assert.Single(paused.LastRuns);
        await test.PassAsync(TenMinutes); // It does not know yet, and finds out.
        Assert.True(test.Info().IsPaused);
        Assert.Single(await test.TasksAsync());
    }

    [Fact]
    public async Task DeleteAsync_TheOtherHostHasDeletedIt_IsNotFoundAndItMayBeAddedAgain()
    {
        await using var test = await SchedulerUnderTest.StartAsync();
        var definition = EveryTen.Schedule() with { Source = ScheduleSource.Api };
        Assert.Null((await test.Scheduler.AddAsync(definition, default)).Refusal);
        using var other = await OtherAsync(test, isApi: true);
        Assert.Null((await other.DeleteAsync(Id, default)).Refusal);

        Assert.Equal(ScheduleRefusal.NotFound, (await test.Scheduler.DeleteAsync(Id, default)).Refusal);

        Assert.Null((await test.Scheduler.AddAsync(definition, default)).Refusal);
        Assert.Equal(ScheduleRefusal.Conflict, (await other.AddAsync(definition, default)).Refusal);
        Assert.NotNull(other.Find(Id)); // It knows it now.
    }

    [Fact]
    public async Task SetAsync_TheOtherHostHasRunItMeanwhile_TakesTheNewPatternAndKeepsTheRun()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        using var other = await OtherAsync(test);
        await test.PassAsync(ToTen);

        await other.SetAsync(ScheduleSource.File, null, [EveryTen.Schedule(pattern: "0 * * * *")], default);

        Assert.Single(other.Find(Id)!.LastRuns);
        await other.PauseAsync(Id, default);
        Assert.True(other.Find(Id)!.IsPaused);
    }

    private static async Task<Scheduler> OtherAsync(SchedulerUnderTest test, bool isApi = false)
    {
        var other = test.Make();
        await other.LoadAsync(default);
        if (!isApi)
        {
            await other.SetAsync(ScheduleSource.File, null, [EveryTen.Schedule()], default);
        }

        return other;
    }
}
