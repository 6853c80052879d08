using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Tests.Workers;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>Start, restart and stop of a project, and what serves where its folder does not do.</summary>
public sealed class ProjectTests
{
    [Fact]
    public async Task Start_NeverDeployed_DeploysTheFolderAndLetsCallsIn()
    {
        await using var test = await ProjectUnderTest.OpenAsync("greet sum");
        Assert.Equal((ProjectStatus.Starting, null), (test.Project.Status, test.Functions));
        var call = test.CallAsync();
        Assert.False(call.IsCompleted);

        var outcome = await test.ReachAsync(ProjectGoal.Started);

        Assert.Null(await call);
        Assert.Equal((ProjectStatus.Running, "1:100", null), (test.Project.Status, test.Live, test.LastError));
        Assert.Equal(["greet", "sum"], outcome.Changes.Added);
        Assert.Equal(["greet", "sum"], test.Functions);
        Assert.Contains("Information: Project shop serves version 1 with 2 functions", test.Messages);
        Assert.Equal(1, (await test.Catalog.ReadLiveAsync(ProjectUnderTest.Name, default)).Version);
        Assert.True(test.Project.IsFolderLive);
    }

    [Fact]
    public async Task Start_Healthy_LeavesTheWorkersAlone()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteFunctions("other");

        var outcome = await test.ReachAsync(ProjectGoal.Started);

        Assert.Same(ProjectOutcome.Nothing, outcome);
        Assert.Equal((worker, "1:100"), (test.Worker(1), test.Live));
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal("2:100", test.Live); // The start has not taken the folder for tried.
    }

    [Theory]
    [InlineData(nameof(ProjectGoal.Started))]
    [InlineData(nameof(ProjectGoal.Restarted))]
    public async Task StartOrRestart_Stopped_RunsWhatIsLiveOnNewWorkers(string goal)
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        await test.StopAsync();
        var refused = await test.CallAsync();
        Assert.Equal((RejectionReason.ProjectStopped, ProjectStatus.Stopped), (refused!.Reason, test.Project.Status));
        Assert.True(worker.HasEnded);

        await test.ReachAsync(Enum.Parse<ProjectGoal>(goal));

        Assert.Equal((ProjectStatus.Running, "1:100", false), (test.Project.Status, test.Live, test.Project.IsStopped));
        Assert.NotSame(worker, test.Worker(1));
        Assert.Null(await test.CallAsync());
    }

    [Fact]
    public async Task Start_FolderChangedMeanwhile_DeploysItAndReportsTheChanges()
    {
        await using var test = await ProjectUnderTest.ServeAsync("greet sum");
        await test.StopAsync();
        test.WriteFunctions("sum total");

        var outcome = await test.ReachAsync(ProjectGoal.Started);

        Assert.Equal("2:100", test.Live);
        Assert.Equal(
            ("total", "greet", "sum"),
            (Assert.Single(outcome.Changes.Added), Assert.Single(outcome.Changes.Removed), Assert.Single(outcome.Changes.Kept)));
        Assert.Equal(["sum", "total"], test.Functions);
    }

    /// <summary>Calls wait until it is known whether what was live can serve: none is turned away for the failure before.</summary>
    [Fact]
    public async Task Start_FolderDoesNotLoad_FallsBackToWhatWasLive()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        test.WriteFunctions(FolderWorkers.Waits);
        var starting = test.Project.ReachAsync(new WantedState(ProjectGoal.Started), default);
        var loading = test.WaitForLoad(2);
        var call = test.CallAsync();

        loading.FailLoad("no function");
        await starting;

        Assert.Null(await call);
        Assert.Equal((ProjectStatus.Running, "1:100", "no function"), (test.Project.Status, test.Live, test.LastError));
        Assert.Contains("Error: Project shop cannot start: no function", test.Messages);
        Assert.Contains("Warning: Project shop serves version 1, which is not what its folder holds", test.Messages);
        Assert.DoesNotContain(test.Messages, static message => message.Contains("(error ", StringComparison.Ordinal));
        Assert.Equal([1], await test.Catalog.ListVersionsAsync(ProjectUnderTest.Name, default));
        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));
    }

    [Fact]
    public async Task Start_FallBackFailsToo_AnswersCallsWithItsReasonUntilItIsMended()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        test.WriteFunctions(FolderWorkers.Waits);
        test.WriteVariables("FAIL=no database");
        var starting = test.Project.ReachAsync(new WantedState(ProjectGoal.Started), default);
        var loading = test.WaitForLoad(2);
        var call = test.CallAsync();

        loading.FailLoad("no function");
        var error = await Assert.ThrowsAnyAsync<CloudFunctionException>(() => starting);

        var rejection = await call;
        Assert.Equal("no database", error.Message);
        Assert.Equal((RejectionReason.Failed, "no database"), (rejection!.Reason, rejection.Cause));
        Assert.Equal((ProjectStatus.Failed, "", "no database"), (test.Project.Status, test.Live, test.LastError));
        Assert.Contains($"Error: Project shop cannot start (error {rejection.Id}): no database", test.Messages);
        Assert.Equal(rejection.Id, (await test.CallAsync())!.Id);

        test.WriteVariables("");
        test.WriteFunctions("greet sum");
        await test.ReachAsync(ProjectGoal.Started);

        Assert.Equal((ProjectStatus.Running, "3:100", null), (test.Project.Status, test.Live, test.LastError));
        Assert.Null(await test.CallAsync());
    }

    [Fact]
    public async Task Start_NeverServedAndDoesNotLoad_FailsAndLeavesNoVersion()
    {
        await using var test = await ProjectUnderTest.OpenAsync("!no function");
        var call = test.CallAsync();

        Assert.Equal("no function", await test.FailAsync(ProjectGoal.Started));

        Assert.Equal((RejectionReason.Failed, ProjectStatus.Failed), ((await call)!.Reason, test.Project.Status));
        Assert.Single(test.Messages, static message => message.Contains("no function", StringComparison.Ordinal));
        Assert.Empty(await test.Catalog.ListVersionsAsync(ProjectUnderTest.Name, default));
        Assert.Empty(test.Host.Runner.Running);
    }

    [Theory]
    [InlineData("A line without a value")]
    [InlineData("FAIL=no database")]
    public async Task Start_VariablesAreWrong_FailsForTheFolderAndForWhatWasLive(string variables)
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        test.WriteVariables(variables);

        var error = await test.FailAsync(ProjectGoal.Started);

        Assert.Equal((ProjectStatus.Failed, error), (test.Project.Status, test.LastError));
        Assert.False(test.Project.IsStopped);
        Assert.Single(test.Messages, message => message.EndsWith(error, StringComparison.Ordinal));
        Assert.Equal("1", string.Join(' ', test.Project.Record.Deployments.Select(each => each.Deployment.Version)));
    }

    [Fact]
    public async Task Start_UnhealthyAndTheFolderDoesNotLoad_RunsWhatIsLiveOnNewWorkers()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.MakeUnhealthyAsync(1);
        Assert.Equal((ProjectStatus.Unhealthy, RejectionReason.Unhealthy), (test.Project.Status, (await test.CallAsync())!.Reason));
        test.WriteFunctions("!no function");

        await test.ReachAsync(ProjectGoal.Started);

        Assert.Equal((ProjectStatus.Running, "1:100", "no function"), (test.Project.Status, test.Live, test.LastError));
        Assert.Null(await test.CallAsync());
        Assert.Single(test.Host.Runner.Running);
    }

    [Theory]
    [InlineData(nameof(ProjectGoal.Started))]
    [InlineData(nameof(ProjectGoal.Restarted))]
    [InlineData(nameof(ProjectGoal.Reloaded))]
    [InlineData(nameof(ProjectGoal.Deployed))]
    public async Task AnyChange_FailsForAnUnhealthyProject_LeavesItUnhealthyAndAnswersThoseWhoWaited(string goal)
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.MakeUnhealthyAsync(1);
        var cause = test.LastError;
        File.WriteAllText(Path.Combine(test.Project.Live[0].Deployment.Directory, FolderWorkers.FileName), FolderWorkers.Waits);
        var failing = test.Project.ReachAsync(new WantedState(Enum.Parse<ProjectGoal>(goal)), default);
        var loading = test.WaitForLoad(1);
        var call = test.CallAsync();
        Assert.False(call.IsCompleted);

        loading.FailLoad("no database");
        Assert.Equal("no database", (await Assert.ThrowsAnyAsync<CloudFunctionException>(() => failing)).Message);

        Assert.Equal(RejectionReason.Unhealthy, (await call)!.Reason);
        Assert.Equal((ProjectStatus.Unhealthy, "1:100", cause), (test.Project.Status, test.Live, test.LastError));
        await test.Host.SettleAsync();
        Assert.Empty(test.Host.Runner.Running);
    }

    [Fact]
    public async Task Restart_Running_SwapsTheWorkersOfTheSameVersion()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);

        await test.ReachAsync(ProjectGoal.Restarted);

        Assert.Equal("1:100", test.Live);
        Assert.True(worker.HasEnded);
        Assert.False(test.Worker(1).HasEnded);
    }

    [Fact]
    public async Task Restart_OtherFolderThatDoesNotLoad_TheOldWorkersGoOn()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteFunctions("!no function");

        Assert.Equal("no function", await test.FailAsync(ProjectGoal.Restarted));

        Assert.Equal((worker, ProjectStatus.Running, "no function"), (test.Worker(1), test.Project.Status, test.LastError));
        Assert.Contains("Error: Project shop was not deployed anew, version 1 goes on: no function", test.Messages);
        Assert.Null(await test.CallAsync());
    }

    [Fact]
    public async Task Restart_OtherFolder_DeploysIt()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("sum");

        await test.ReachAsync(ProjectGoal.Restarted);

        Assert.Equal(("2:100", "sum"), (test.Live, Assert.Single(test.Functions!)));
    }

    [Fact]
    public async Task Start_AtRestAndLoadedBefore_StartsNoWorkerUntilSomebodyCalls()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.RestartHostAsync();
        var started = test.Host.Runner.Processes.Count;

        await test.ReachAsync(new WantedState(ProjectGoal.Started) { AtRest = true });

        Assert.Equal((ProjectStatus.Running, "1:100", started), (test.Project.Status, test.Live, test.Host.Runner.Processes.Count));
        Assert.Equal(["greet"], test.Functions);
        Assert.Null(await test.CallAsync());
        Assert.Equal(started + 1, test.Host.Runner.Processes.Count);
    }

    [Fact]
    public async Task Start_AtRestWithAnotherFolder_LoadsItAndThenSleeps()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.RestartHostAsync();
        test.WriteFunctions("sum");

        await test.ReachAsync(new WantedState(ProjectGoal.Started) { AtRest = true });

        Assert.Equal((ProjectStatus.Running, "2:100"), (test.Project.Status, test.Live));
        Assert.Empty(test.Host.Runner.Running);
        Assert.Null(await test.CallAsync());
        Assert.Equal(2, test.Worker(2).Link.Loaded!.Version);
    }

    [Fact]
    public async Task Start_AtRestAndTheFolderDoesNotLoad_FallsBackAtRest()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.RestartHostAsync();
        test.WriteFunctions("!no function");
        var started = test.Host.Runner.Processes.Count;

        await test.ReachAsync(new WantedState(ProjectGoal.Started) { AtRest = true });

        Assert.Equal((ProjectStatus.Running, "1:100", "no function"), (test.Project.Status, test.Live, test.LastError));
        Assert.Empty(test.Host.Runner.Running);
        Assert.Equal(started + 1, test.Host.Runner.Processes.Count); // The one that did not load.
        Assert.Null(await test.CallAsync());
    }

    [Fact]
    public async Task Reload_Running_RunsWhatIsLiveAnewWhateverTheFolderHolds()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteFunctions("sum");

        await test.ReachAsync(ProjectGoal.Reloaded);

        Assert.Equal("1:100", test.Live);
        Assert.True(worker.HasEnded);
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal("2:100", test.Live); // The reload has not taken the folder for tried.
    }

    [Fact]
    public async Task Reload_Asleep_LeavesItAsleep()
    {
        await using var test = await ProjectUnderTest.ServeAsync(configure: static options => options.IdleTimeout = TimeSpan.FromSeconds(3));
        await test.Host.AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.Empty(test.Host.Runner.Running);
        var started = test.Host.Runner.Processes.Count;

        await test.ReachAsync(ProjectGoal.Reloaded);

        Assert.Equal((ProjectStatus.Running, started), (test.Project.Status, test.Host.Runner.Processes.Count));
        Assert.Null(await test.CallAsync());
        Assert.Equal(started + 1, test.Host.Runner.Processes.Count);
    }

    [Fact]
    public async Task Reload_Stopped_StaysStopped()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();

        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Reloaded));

        Assert.Equal((ProjectStatus.Stopped, ""), (test.Project.Status, test.Live));
    }

    [Fact]
    public async Task Stop_CallsWait_AreAnsweredAndNothingOfItRuns()
    {
        await using var test = await ProjectUnderTest.OpenAsync();
        var call = test.CallAsync();

        await test.StopAsync();

        Assert.Equal(RejectionReason.ProjectStopped, (await call)!.Reason);
        Assert.Equal((ProjectStatus.Stopped, true), (test.Project.Status, test.Project.IsStopped));
        Assert.Contains("Information: Project shop has stopped", test.Messages);
        Assert.Empty(test.Host.Runner.Running);
    }

    /// <summary>A call of a function that comes with this start waits, as at the first one.</summary>
    [Fact]
    public async Task Start_StoppedBefore_CallsFindNoFunctionOfWhatRanThen()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        test.WriteFunctions(FolderWorkers.Waits);
        var starting = test.Project.ReachAsync(new WantedState(ProjectGoal.Started), default);
        var loading = test.WaitForLoad(2);

        Assert.Null(test.Functions);

        FolderWorkers.Release(loading);
        await starting;
        Assert.Equal(["late"], test.Functions);
    }

    [Fact]
    public async Task End_Served_AnswersCallsAndForgetsItsSchedules()
    {
        await using var test = await ProjectUnderTest.ServeAsync("tick");
        Assert.Single(test.Schedules);

        await test.Project.EndAsync();

        Assert.Equal(RejectionReason.ProjectNotFound, (await test.CallAsync())!.Reason);
        Assert.Empty(test.Schedules);
        Assert.Empty(test.Host.Runner.Running);
    }

    /// <summary>Whoever deploys again and again while calls run leaves no more than three generations of workers.</summary>
    [Fact]
    public async Task Restart_CallsGoOnInEveryGeneration_TheLastThreeKeepTheirWorkers()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        List<FakeProcess> generations = [];
        for (var generation = 0; generation < 5; generation++)
        {
            generations.Add(test.Worker(1));
            generations[^1].Link.InFlight = 1;
            await test.ReachAsync(ProjectGoal.Restarted);
        }

        await test.Host.AdvanceAsync(test.Host.Settings.CancelGrace);

        Assert.Equal([true, true, false, false, false], generations.Select(process => process.Link.Commands.Contains("cut")));
        generations.ForEach(process => process.Link.InFlight = 0);
        await test.Host.AdvanceAsync(SupervisorUnderTest.Tick);
        Assert.Single(test.Host.Runner.Running);
    }
}
