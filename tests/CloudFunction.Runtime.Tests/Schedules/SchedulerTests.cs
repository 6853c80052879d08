using System.Text;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Schedules;

/// <summary>The clock of these tests starts at 3:04:05.</summary>
public sealed class SchedulerTests
{
    private static readonly TimeSpan ToTen = TimeSpan.FromSeconds((5 * 60) + 55);
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task PollAsync_IsDue_MakesOneTaskWithThePayload()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());

        await test.PassAsync(ToTen - TimeSpan.FromSeconds(1));
        Assert.Empty(await test.TasksAsync());
        await test.PassAsync(TimeSpan.FromSeconds(1));
        await test.PassAsync(TimeSpan.FromSeconds(1));

        var task = Assert.Single(await test.TasksAsync());
        Assert.Equal(("shop", "pay", "project_shop_tick"), (task.Project, task.Function, task.Terms.Schedule));
        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString((await test.GetAsync(task.Id)).Payload.Memory!.Value.Span));
        var run = Assert.Single(test.Info().LastRuns);
        Assert.Equal((At(3, 10), ScheduleRunOutcome.Started, task.Id, false), (run.Due, run.Outcome, run.Task!.Value, run.IsManual));
        Assert.Equal(At(3, 20), test.Info().NextRun);
        Assert.Null((await test.StoredAsync()).WaitsAfter); // Else it would be looked at without end.
    }

    // A recurrence that fails, as one would that does not advance, must not keep the clock busy with itself.
    [Fact]
    public async Task PollAsync_OneFailsUnexpectedly_RestsForAMinuteAndTheOthersGoOn()
    {
        var broken = new BrokenRecurrence();
        await using var test = await SchedulerUnderTest.StartAsync(
            EveryTen.Schedule(), EveryTen.Schedule(name: "broken") with { Recurrence = broken });
        await test.PassAsync(ToTen);
        broken.Fails = true;
        await test.PassAsync(TenMinutes);

        for (var second = 0; second < 150; second++)
        {
            await test.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, test.Logger.Messages.Count(message => message.Contains("failed unexpectedly; it is tried again", StringComparison.Ordinal)));
        Assert.Equal(At(3, 20), test.Info().LastRuns[0].Due);
        Assert.Equal(At(3, 10), test.Info("project_shop_broken").LastRuns[0].Due);
        broken.Fails = false;
        await test.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(At(3, 20), test.Info("project_shop_broken").LastRuns[0].Due);
    }

    [Fact]
    public async Task SetAsync_CronHasADayOfTheMonthAndAWeekday_WarnsThatBothMustMatch()
    {
        await using var test = await SchedulerUnderTest.StartAsync(
            EveryTen.Schedule(pattern: "0 0 1 * 1"), EveryTen.Schedule(name: "other", pattern: "0 0 1 * ?"),
            EveryTen.Schedule(name: "star", pattern: "0 0 */2 * 1"), EveryTen.Schedule(name: "stars", pattern: "0 0 1 * */2"));

        var warning = Assert.Single(test.Logger.Messages, message => message.Contains("crontab", StringComparison.Ordinal));
        Assert.Contains("project_shop_tick has a day of the month and a weekday in '0 0 1 * 1'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetAsync_LastTimeIsOver_WarnsThatItIsNeverDueAgain()
    {
        var fields = new Dictionary<string, string> { ["year"] = "2020" };
        var draft = ScheduleDraft.Of(EveryTen.Schedule()) with { Cron = null, Fields = fields };

        await using var test = await SchedulerUnderTest.StartAsync(draft.Build([])!);

        Assert.Contains(
            test.Logger.Messages,
            message => message.Contains("The schedule project_shop_tick is never due again: the last time that it asks for is over",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task PollAsync_HostIsKilledAfterARun_DoesNotRunItAgain()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        await test.PassAsync(ToTen);

        await test.CrashAsync(TimeSpan.FromSeconds(5), EveryTen.Schedule());

        Assert.Single(await test.TasksAsync());
        Assert.Single(test.Info().LastRuns);
    }

    [Fact]
    public async Task PollAsync_HostIsDownForAMomentWhenDue_Runs()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule(MisfirePolicy.Skip));

        await test.CrashAsync(ToTen + TimeSpan.FromSeconds(29), EveryTen.Schedule(MisfirePolicy.Skip));

        Assert.Single(await test.TasksAsync());
    }

    [Fact]
    public async Task PollAsync_ThreeWereMissedAndThePolicyIsOnce_RunsTheLastOfThem()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());

        await test.CrashAsync(ToTen + (2 * TenMinutes) + TimeSpan.FromMinutes(3), EveryTen.Schedule());

        Assert.Single(await test.TasksAsync());
        Assert.Equal(At(3, 30), Assert.Single(test.Info().LastRuns).Due);
        Assert.Equal(At(3, 40), test.Info().NextRun);
    }

    [Fact]
    public async Task PollAsync_ThreeWereMissedAndThePolicyIsSkip_SaysSoAndGoesOn()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule(MisfirePolicy.Skip));

        await test.CrashAsync(ToTen + (2 * TenMinutes) + TimeSpan.FromMinutes(3), EveryTen.Schedule(MisfirePolicy.Skip));

        Assert.Empty(await test.TasksAsync());
        var run = Assert.Single(test.Info().LastRuns);
        Assert.Equal((At(3, 30), ScheduleRunOutcome.Skipped), (run.Due, run.Outcome));
        Assert.Contains("all since 2026-01-02 03:10:00Z were missed", run.Reason, StringComparison.Ordinal);
        await test.PassAsync(TimeSpan.FromMinutes(7));
        Assert.Single(await test.TasksAsync());
    }

    [Fact]
    public async Task PollAsync_ThreeWereMissedAndThePolicyIsAll_RunsEachInTurn()
    {
        var schedule = EveryTen.Schedule(MisfirePolicy.All, OverlapPolicy.Queue);
        await using var test = await SchedulerUnderTest.StartAsync(schedule);

        await test.CrashAsync(ToTen + (2 * TenMinutes) + TimeSpan.FromMinutes(3), schedule);

        for (var expected = 1; expected <= 3; expected++)
        {
            Assert.Equal(expected, (await test.TasksAsync()).Count);
            await test.FinishAsync();
            await test.PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, (await test.TasksAsync()).Count);
        Assert.Equal([At(3, 30), At(3, 20), At(3, 10)], test.Info().LastRuns.Select(run => run.Due));
    }

    [Fact]
    public async Task PollAsync_TheOneBeforeRunsAndThePolicyIsSkip_LeavesItOut()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        await test.PassAsync(ToTen);

        await test.PassAsync(TenMinutes);

        var task = Assert.Single(await test.TasksAsync());
        Assert.Equal(ScheduleRunOutcome.Skipped, test.Info().LastRuns[0].Outcome);
        Assert.Contains(task.Id.ToString(), test.Info().LastRuns[0].Reason, StringComparison.Ordinal);
        await test.FinishAsync();
        await test.PassAsync(TenMinutes);
        Assert.Equal(2, (await test.TasksAsync()).Count);
    }

    [Fact]
    public async Task PollAsync_TheOneBeforeRunsAndThePolicyIsQueue_RunsItOnceThatHasEnded()
    {
        var schedule = EveryTen.Schedule(overlap: OverlapPolicy.Queue);
        await using var test = await SchedulerUnderTest.StartAsync(schedule);
        await test.PassAsync(ToTen);
        await test.PassAsync(TenMinutes);
        Assert.Single(await test.TasksAsync());
        Assert.Equal((At(3, 20), ScheduleRunOutcome.Waiting), (test.Info().LastRuns[0].Due, test.Info().LastRuns[0].Outcome));

        await test.CrashAsync(TimeSpan.FromMinutes(2), schedule);
        Assert.Single(await test.TasksAsync());
        await test.FinishAsync();
        await test.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(2, (await test.TasksAsync()).Count);
        Assert.Equal([At(3, 20), At(3, 10)], test.Info().LastRuns.Select(run => run.Due));
    }

    [Fact]
    public async Task PollAsync_TheOneBeforeWaitsAndThePolicyIsReplace_CancelsItAndRunsTheLast()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule(overlap: OverlapPolicy.Replace));
        await test.PassAsync(ToTen);

        await test.PassAsync(TenMinutes);
        await test.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal([FunctionTaskStatus.Cancelled, FunctionTaskStatus.Created], (await test.TasksAsync()).Select(task => task.Status));
        Assert.Equal(At(3, 20), test.Info().LastRuns[0].Due);
    }

    [Fact]
    public async Task PauseAsync_HostIsStartedAgain_StaysPausedUntilResumedAndRunsNothingOfThatTime()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        await test.Scheduler.PauseAsync("project_shop_tick", CancellationToken.None);

        await test.CrashAsync(TimeSpan.FromHours(1), EveryTen.Schedule());
        Assert.True(test.Info().IsPaused);
        Assert.Null(test.Info().NextRun);
        await test.Scheduler.ResumeAsync("project_shop_tick", CancellationToken.None);
        await test.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Empty(await test.TasksAsync());
        await test.PassAsync(TenMinutes);
        Assert.Single(await test.TasksAsync());
    }

    [Fact]
    public async Task RunAsync_IsPaused_MakesATaskNow()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        await test.Scheduler.PauseAsync("project_shop_tick", CancellationToken.None);

        var change = await test.Scheduler.RunAsync("project_shop_tick", CancellationToken.None);

        Assert.Equal(Assert.Single(await test.TasksAsync()).Id, change.Run!.Task);
        Assert.True(change.Run.IsManual);
    }

    [Fact]
    public async Task RunAsync_FunctionIsNotThere_IsRefusedAndLeavesNoRun()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        test.Router.Rejection = new Rejection(default, "There is no such function.");

        var change = await test.Scheduler.RunAsync("project_shop_tick", CancellationToken.None);

        Assert.Equal(ScheduleRefusal.Conflict, change.Refusal);
        Assert.Contains("There is no such function.", change.Message, StringComparison.Ordinal);
        Assert.Empty(test.Info().LastRuns);
    }

    [Fact]
    public async Task PollAsync_FunctionIsNotThere_SaysSoAndGoesOn()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        test.Router.Rejection = new Rejection(default, "There is no such function.");
        await test.PassAsync(ToTen);
        Assert.Equal((ScheduleRunOutcome.Failed, "There is no such function."), (test.Info().LastRuns[0].Outcome, test.Info().LastRuns[0].Reason));

        test.Router.Rejection = null;
        await test.PassAsync(TenMinutes);

        Assert.Single(await test.TasksAsync());
    }

    [Fact]
    public async Task PollAsync_ClockIsSetForwardByAnHour_RunsOnceForWhatItJumpedOver()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());

        await test.PassAsync(TimeSpan.FromHours(1));

        Assert.Single(await test.TasksAsync());
        Assert.Equal(At(4, 0), test.Info().LastRuns[0].Due);
    }

    [Fact]
    public async Task PollAsync_ClockIsSetBackByAnHour_RunsNothingTwice()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        await test.PassAsync(ToTen);
        await test.FinishAsync();

        test.SetClock(test.Now.AddHours(-1));
        for (var minutes = 0; minutes < 60; minutes += 10)
        {
            await test.PassAsync(TenMinutes);
        }

        Assert.Single(await test.TasksAsync());
        await test.PassAsync(TenMinutes);
        Assert.Equal(2, (await test.TasksAsync()).Count);
    }

    [Fact]
    public async Task PollAsync_ClockWasAYearAhead_GoesOnFromNow()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        await test.PassAsync(TimeSpan.FromDays(365));
        await test.FinishAsync();

        test.SetClock(test.Now.AddDays(-365));
        await test.PassAsync(TimeSpan.FromSeconds(1));
        await test.PassAsync(TenMinutes);

        Assert.Equal(2, (await test.TasksAsync()).Count);
        Assert.Contains(test.Logger.Messages, message => message.Contains("The clock was set back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SetAsync_PatternIsAnother_MissesNothingOfTheOldOne()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());

        await test.CrashAsync(TimeSpan.FromHours(1), EveryTen.Schedule(pattern: "0 * * * *"));

        Assert.Empty(await test.TasksAsync());
    }

    [Fact]
    public async Task SetAsync_WasRemovedAndComesBack_IsNew()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        await test.PassAsync(ToTen);
        await test.SetAsync();
        Assert.Null(test.Scheduler.Find("project_shop_tick"));

        await test.CrashAsync(TimeSpan.FromHours(1), EveryTen.Schedule());

        Assert.Single(await test.TasksAsync());
        Assert.Empty(test.Info().LastRuns);
    }

    [Fact]
    public async Task SetAsync_WasRemovedWhileTheHostWasDown_IsForgotten()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        await test.CrashAsync(TimeSpan.FromMinutes(1));

        await test.CrashAsync(TimeSpan.FromHours(1), EveryTen.Schedule());

        Assert.Empty(await test.TasksAsync());
    }

    [Fact]
    public async Task SetAsync_OfAllFunctions_ForgetsThoseOfProjectsThatWentWhileTheHostWasDown()
    {
        var (stays, goes) = (OnFunction("stays"), OnFunction("goes"));
        await using var test = await SchedulerUnderTest.StartAsync();
        await test.SetAsync(ScheduleSource.Function, "shop", stays, goes);
        await test.Scheduler.PauseAsync(stays.Id, CancellationToken.None);
        await test.Scheduler.PauseAsync(goes.Id, CancellationToken.None);

        await test.CrashAsync(TimeSpan.FromMinutes(1));
        await test.SetAsync(ScheduleSource.Function, null, stays);
        await test.SetAsync(ScheduleSource.Function, "shop", stays, goes);

        Assert.True(test.Info(stays.Id).IsPaused);
        Assert.False(test.Info(goes.Id).IsPaused);
    }

    [Fact]
    public async Task SetAsync_OfOneProjectsFunctions_LeavesAllOthers()
    {
        var file = EveryTen.Schedule();
        await using var test = await SchedulerUnderTest.StartAsync(file);
        var other = OnFunction("a") with { Id = "function_bank.a", Target = new ScheduleTarget("bank", "a", "{}"u8.ToArray()) };
        await test.SetAsync(ScheduleSource.Function, "bank", other);
        await test.SetAsync(ScheduleSource.Function, "shop", OnFunction("a"), OnFunction("b"));

        await test.SetAsync(ScheduleSource.Function, "shop", OnFunction("b"));

        Assert.Equal(["function_bank.a", "function_shop.b", file.Id], test.Scheduler.List().Select(schedule => schedule.Definition.Id));
        Assert.Equal(ScheduleRefusal.Conflict, (await test.Scheduler.DeleteAsync("function_shop.b", CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task PollAsync_IsNotEnabled_IsNeverDueAndMissesNothing()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule(isEnabled: false));
        await test.PassAsync(TimeSpan.FromHours(1));
        Assert.Null(test.Info().NextRun);

        await test.SetAsync(EveryTen.Schedule());
        await test.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Empty(await test.TasksAsync());
    }

    [Fact]
    public async Task AddAsync_HostIsKilled_IsThereAgain()
    {
        await using var test = await SchedulerUnderTest.StartAsync();
        var problems = new List<ScheduleProblem>();
        var draft = new ScheduleDraft("tick", ScheduleSource.Api, new ScheduleTarget("shop", "pay", "[1]"u8.ToArray()), "UTC")
        {
            Cron = "*/10 * * * *",
            Overlap = "queue",
        };
        var definition = draft.Build(problems);
        Assert.True(definition is not null, string.Join(' ', problems.Select(p => p.Message)));
        Assert.Null((await test.Scheduler.AddAsync(definition, CancellationToken.None)).Refusal);
        Assert.Equal(ScheduleRefusal.Conflict, (await test.Scheduler.AddAsync(definition, CancellationToken.None)).Refusal);

        await test.CrashAsync(ToTen);

        Assert.Equal(OverlapPolicy.Queue, test.Info().Definition.Overlap);
        Assert.Single(await test.TasksAsync());
        await test.Scheduler.DeleteAsync("project_shop_tick", CancellationToken.None);
        await test.CrashAsync(TimeSpan.Zero);
        Assert.Empty(test.Scheduler.List());
    }

    /// <summary>A project that is gone for days must not fill the log, also where its schedule is due every second.</summary>
    [Fact]
    public async Task PollAsync_NothingCanRunForLong_IsRecordedEachTimeAndLoggedOnceForEachReason()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        await test.PassAsync(ToTen);
        await test.FinishAsync();
        Assert.Empty(test.StarterLogger.Messages);

        foreach (var reason in (string[])["There is no project 'shop'.", "Project 'shop' is stopped."])
        {
            test.Router.Rejection = new Rejection(RejectionReason.ProjectNotFound, reason);
            for (var i = 0; i < 20; i++)
            {
                await test.PassAsync(TenMinutes);
            }

            Assert.Equal([ScheduleRunOutcome.Failed], test.Info().LastRuns.Select(run => run.Outcome).Distinct());
            Assert.All(test.Info().LastRuns, run => Assert.Equal(reason, run.Reason));
            Assert.Single(test.StarterLogger.Messages, message => message.Contains(reason, StringComparison.Ordinal));
        }

        await test.CrashAsync(TimeSpan.FromSeconds(5), EveryTen.Schedule());
        await test.PassAsync(TenMinutes);
        Assert.Equal(2, test.StarterLogger.Messages.Count); // Nor after a restart.
        test.Router.Rejection = null;
        await test.PassAsync(TenMinutes);
        Assert.Equal(ScheduleRunOutcome.Started, test.Info().LastRuns[0].Outcome);
    }

    [Fact]
    public async Task ForgetAsync_OfAProject_DeletesThoseOfTheApiAndNoOthers()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        var api = EveryTen.Schedule(name: "api") with { Source = ScheduleSource.Api };
        var other = EveryTen.Schedule(name: "other") with { Source = ScheduleSource.Api };
        other = other with { Target = other.Target with { Project = "store" } };
        await test.Scheduler.AddAsync(api, CancellationToken.None);
        await test.Scheduler.AddAsync(other, CancellationToken.None);
        Assert.Equal(["shop", "store"], test.Scheduler.ListProjectsOfApi().Order());

        await test.Scheduler.ForgetAsync("shop", CancellationToken.None);
        Assert.Equal(["store"], test.Scheduler.ListProjectsOfApi());
        await test.CrashAsync(TimeSpan.FromMinutes(1), EveryTen.Schedule());

        Assert.Equal(["project_shop_other", "project_shop_tick"], test.Scheduler.List().Select(schedule => schedule.Definition.Id));
    }

    [Fact]
    public async Task AddAsync_NothingOfThatNameCanRun_IsRefused()
    {
        await using var test = await SchedulerUnderTest.StartAsync();
        test.Router.Rejection = new Rejection(RejectionReason.FunctionNotFound, "There is no such function.");

        var change = await test.Scheduler.AddAsync(EveryTen.Schedule() with { Source = ScheduleSource.Api }, CancellationToken.None);

        Assert.Equal((ScheduleRefusal.NotFound, test.Router.Rejection), (change.Refusal, change.Rejection));
        Assert.Empty(test.Scheduler.List());
    }

    [Fact]
    public async Task RunAsync_CannotRun_IsRefusedAndNotRecorded()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());
        test.Router.Rejection = new Rejection(RejectionReason.ProjectStopped, "The project is stopped.");

        var change = await test.Scheduler.RunAsync("project_shop_tick", CancellationToken.None);

        Assert.Equal(ScheduleRefusal.Conflict, change.Refusal);
        Assert.Empty(test.Info().LastRuns);
        Assert.Empty((await test.StoredAsync()).Runs);
    }

    [Fact]
    public async Task SetAsync_IdIsAnotherSources_LeavesItToThat()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());

        await test.SetAsync(ScheduleSource.Function, "shop", EveryTen.Schedule(pattern: "*/5 * * * *") with { Source = ScheduleSource.Function });

        Assert.Equal((ScheduleSource.File, "*/10 * * * *"), (test.Info().Definition.Source, test.Info().Definition.Timing.Cron));
        await test.SetAsync(ScheduleSource.Function, "shop");
        Assert.Single(test.Scheduler.List());
    }

    [Fact]
    public async Task DeleteAsync_IsOfAFunction_IsRefusedWithWhereItStands()
    {
        await using var test = await SchedulerUnderTest.StartAsync();
        await test.SetAsync(ScheduleSource.Function, "shop", EveryTen.Schedule() with { Source = ScheduleSource.Function });

        var change = await test.Scheduler.DeleteAsync("project_shop_tick", CancellationToken.None);

        Assert.Equal(ScheduleRefusal.Conflict, change.Refusal);
        Assert.Contains("on its function", change.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeleteAsync_IsOfTheFile_IsRefused()
    {
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule());

        var change = await test.Scheduler.DeleteAsync("project_shop_tick", CancellationToken.None);

        Assert.Contains("in the schedule file", change.Message, StringComparison.Ordinal);
        Assert.Equal(ScheduleRefusal.Conflict, change.Refusal);
        Assert.Equal(ScheduleRefusal.NotFound, (await test.Scheduler.DeleteAsync("project_shop_other", CancellationToken.None)).Refusal);
        Assert.NotNull(test.Scheduler.Find("project_shop_tick"));
    }

    [Fact]
    public async Task PollAsync_CleanupOldTasksIsDue_DeletesWhatIsOlder()
    {
        var cleanup = EveryTen.Schedule() with
        {
            Id = "system_cleanup",
            Name = "cleanup",
            Target = new ScheduleTarget(null, ScheduleTarget.CleanupOldTasks, "[1]"u8.ToArray()),
        };
        await using var test = await SchedulerUnderTest.StartAsync(EveryTen.Schedule(), cleanup);
        await test.PassAsync(ToTen);
        await test.FinishAsync();
        var old = Assert.Single(await test.TasksAsync()).Id;

        await test.PassAsync(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await test.TasksAsync()).Any(task => task.Id == old))
        {
            Assert.False(patience.IsCancellationRequested, "The old task is still there after 30 s.");
            await test.PassAsync(TenMinutes); // The run before may not have ended when the last was due.
        }

        Assert.Contains(test.Info("system_cleanup").LastRuns, run => run.Outcome == ScheduleRunOutcome.Started);
    }

    private static DateTimeOffset At(int hour, int minute) => new(2026, 1, 2, hour, minute, 0, TimeSpan.Zero);

    private static ScheduleDefinition OnFunction(string function) => EveryTen.Schedule(name: function) with
    {
        Id = $"function_shop.{function}",
        Source = ScheduleSource.Function,
        Target = new ScheduleTarget("shop", function, "{}"u8.ToArray()),
    };
}
