using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>Deploys that somebody asks for: what belongs to them, and how they are called off.</summary>
public sealed class ProjectDeployTests
{
    private static readonly FunctionRequirement NeedsTotal = FunctionRequirement.Deployed(ProjectUnderTest.Name, "total");

    [Fact]
    public async Task Deploy_SameContent_RunsTheSameVersionAnew()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);

        var outcome = await test.ReachAsync(ProjectGoal.Deployed);

        Assert.Equal(("1:100", true, "greet"), (test.Live, worker.HasEnded, Assert.Single(outcome.Changes.Kept)));
    }

    [Fact]
    public async Task Deploy_Stopped_Starts()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();

        await test.ReachAsync(ProjectGoal.Deployed);

        Assert.Equal((ProjectStatus.Running, false), (test.Project.Status, test.Project.IsStopped));
        Assert.False(test.Decisions.IsStopped(ProjectUnderTest.Name));
    }

    [Theory]
    [InlineData(nameof(ProjectGoal.Deployed))]
    [InlineData(nameof(ProjectGoal.Divided))]
    public async Task DeployOrDivide_StoppedAndFails_StaysStopped(string goal)
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        test.WriteVariables("FAIL=no database");

        await test.FailAsync<CloudFunctionException>(new WantedState(Enum.Parse<ProjectGoal>(goal))
        {
            Weights = goal == nameof(ProjectGoal.Divided) ? new Dictionary<int, int> { [1] = 100 } : null,
        });

        Assert.Equal((ProjectStatus.Stopped, true), (test.Project.Status, test.Project.IsStopped));
        Assert.Equal(("no database", RejectionReason.ProjectStopped), (test.LastError, (await test.CallAsync())!.Reason));
        Assert.Contains("Error: Project shop cannot start: no database", test.Messages);
    }

    [Fact]
    public async Task Deploy_OtherDirectory_BecomesWhatTheFolderIsTakenFor()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var other = Directory.CreateTempSubdirectory("cf-upload-").FullName;
        foreach (var file in Directory.GetFiles(test.Directory))
        {
            File.Copy(file, Path.Combine(other, Path.GetFileName(file)));
        }

        File.WriteAllText(Path.Combine(other, FolderWorkers.FileName), "sum");
        File.WriteAllText(Path.Combine(other, ".env"), "A=1");
        var change = new RecordedChange(() => test.WriteFunctions("sum"));

        await test.ReachAsync(
            new WantedState(ProjectGoal.Deployed) { Directory = other, Source = DeploymentSource.Upload, Change = change });
        Directory.Delete(other, recursive: true);

        Assert.Equal(("2:100", true, 0), (test.Live, change.IsMade, change.Rollbacks));
        Assert.Equal("1", test.Worker(2).Link.Loaded!.Environment["A"]);
        Assert.Equal("upload", test.Project.Live[0].Deployment.Manifest.Source);
        test.WriteVariables("A=1");
        await test.MakeUnhealthyAsync(2);
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal(ProjectStatus.Unhealthy, test.Project.Status); // It is nothing new.
    }

    [Fact]
    public async Task Deploy_RequirementIsNotMet_ChangesNothing()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteFunctions("sum");
        var change = new RecordedChange(static () => Assert.Fail("It must not be made."));

        var error = await test.FailAsync<ProjectException>(new WantedState(ProjectGoal.Deployed) { Requirement = NeedsTotal, Change = change });

        Assert.Equal((ProjectErrorCode.FunctionNotFound, 1), (error.Code, change.Rollbacks));
        Assert.Equal((worker, "1:100", error.Message), (test.Worker(1), test.Live, test.LastError));
        Assert.Single(test.Host.Runner.Running);
        test.WriteFunctions("sum total");
        await test.ReachAsync(new WantedState(ProjectGoal.Deployed) { Requirement = NeedsTotal });
        Assert.Equal(["sum", "total"], test.Functions);
    }

    [Fact]
    public async Task Deploy_ChangeCannotBeMade_IsTakenBackAndNothingElseHasChanged()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteFunctions("sum");
        var change = new RecordedChange(static () => throw new IOException("The disk is full."));

        await test.FailAsync<IOException>(new WantedState(ProjectGoal.Deployed) { Change = change });

        Assert.Equal((false, 1), (change.IsMade, change.Rollbacks));
        Assert.Equal((worker, "1:100", "The disk is full."), (test.Worker(1), test.Live, test.LastError));
        Assert.Equal(1, (await test.Catalog.ReadLiveAsync(ProjectUnderTest.Name, default)).Version);
        Assert.Single(test.Host.Runner.Running);
    }

    [Fact]
    public async Task Deploy_CannotBeRecordedAsLive_TakesTheChangeBack()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("sum");
        var change = new RecordedChange(() => test.Catalog.Failure = new IOException("The disk is full."));

        await test.FailAsync<IOException>(new WantedState(ProjectGoal.Deployed) { Change = change });

        Assert.Equal((false, 1, "1:100"), (change.IsMade, change.Rollbacks, test.Live));
        Assert.Single(test.Host.Runner.Running);
        Assert.Equal(["greet"], test.Functions);
        test.Catalog.Failure = null;
        await test.ReachAsync(ProjectGoal.Deployed);
        Assert.Equal("2:100", test.Live);
    }

    [Fact]
    public async Task Deploy_CalledOffWhileItLoads_LeavesNothingAndCountsAsNotTried()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteFunctions(FolderWorkers.Waits);
        using var leaving = new CancellationTokenSource();
        var deploying = test.Project.ReachAsync(new WantedState(ProjectGoal.Deployed), leaving.Token);
        var loading = test.WaitForLoad(2);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deploying);
        await test.Host.SettleAsync();
        Assert.Equal((worker, "1:100", null), (test.Worker(1), test.Live, test.LastError));
        Assert.True(loading.HasEnded);
        Assert.Equal([1], await test.Catalog.ListVersionsAsync(ProjectUnderTest.Name, default));

        var syncing = test.Project.ReachAsync(new WantedState(ProjectGoal.Synced), default);
        FolderWorkers.Release(test.WaitForLoad(3));
        await syncing;
        Assert.Equal(("3:100", "late"), (test.Live, Assert.Single(test.Functions!)));
    }

    [Fact]
    public async Task Deploy_VariablesAreOthersAndItIsCalledOff_TheyCountAsNotTried()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions(FolderWorkers.Waits);
        test.WriteVariables("A=1");
        using var leaving = new CancellationTokenSource();
        var deploying = test.Project.ReachAsync(new WantedState(ProjectGoal.Deployed), leaving.Token);
        test.WaitForLoad(2);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deploying);
        test.WriteFunctions("greet");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal(("1:100", "1"), (test.Live, test.Worker(1).Link.Loaded!.Environment["A"]));
    }

    [Fact]
    public async Task Deploy_NeverServedAndCalledOff_AnswersThoseWhoWait()
    {
        await using var test = await ProjectUnderTest.OpenAsync(FolderWorkers.Waits);
        using var leaving = new CancellationTokenSource();
        var deploying = test.Project.ReachAsync(new WantedState(ProjectGoal.Deployed), leaving.Token);
        var call = test.CallAsync();
        test.WaitForLoad(1);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deploying);
        var rejection = await call;
        Assert.Equal(RejectionReason.Failed, rejection!.Reason);
        Assert.Contains("called off", rejection.Cause, StringComparison.Ordinal);
        Assert.Equal(ProjectStatus.Failed, test.Project.Status);
        test.WriteFunctions("greet");
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal(ProjectStatus.Running, test.Project.Status);
    }

    [Fact]
    public async Task Deploy_CalledOffBeforeItBegins_ChangesNothing()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("sum");
        var change = new RecordedChange(static () => Assert.Fail("It must not be made."));

        await test.FailAsync<OperationCanceledException>(
            new WantedState(ProjectGoal.Deployed) { Change = change }, new CancellationToken(canceled: true));

        Assert.Equal(("1:100", 1, null), (test.Live, change.Rollbacks, test.LastError));
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal("2:100", test.Live);
    }

    [Fact]
    public async Task Deploy_CallerLeavesOnceItIsBeingMadeLasting_GoesOnToItsEnd()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("sum");
        using var leaving = new CancellationTokenSource();
        var change = new RecordedChange(leaving.Cancel);

        await test.ReachAsync(new WantedState(ProjectGoal.Deployed) { Change = change }, leaving.Token);

        Assert.Equal(("2:100", true, 0), (test.Live, change.IsMade, change.Rollbacks));
        Assert.Equal(2, (await test.Catalog.ReadLiveAsync(ProjectUnderTest.Name, default)).Version);
    }

    /// <summary>What is live already is not taken back because something that only follows from it is left to the next start.</summary>
    [Fact]
    public async Task Deploy_HostStopsOnceItIsBeingMadeLasting_KeepsWhatBelongsToIt()
    {
        await using var test = await ProjectUnderTest.ServeAsync("tick");
        test.WriteFunctions("tick2");
        var change = new RecordedChange(() => test.Stopping.BeginAsync().GetAwaiter().GetResult());

        await test.ReachAsync(new WantedState(ProjectGoal.Deployed) { Change = change });

        Assert.Equal(("2:100", true, 0), (test.Live, change.IsMade, change.Rollbacks));
        Assert.Equal(2, (await test.Catalog.ReadLiveAsync(ProjectUnderTest.Name, default)).Version);
    }

    [Fact]
    public async Task Start_HostStopsMeanwhile_IsNoErrorOfTheProject()
    {
        await using var test = await ProjectUnderTest.OpenAsync(FolderWorkers.Waits);
        var starting = test.Project.ReachAsync(new WantedState(ProjectGoal.Started), test.Stopping.Token);
        test.WaitForLoad(1);
        test.Project.Shutdown();

        await test.Stopping.BeginAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Equal(RejectionReason.Draining, (await test.CallAsync())!.Reason);
        Assert.Null(test.LastError);
        Assert.DoesNotContain(test.Messages, static message => message.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Configure_Running_RunsWhatIsLiveWithTheVariablesAndThenWritesThem()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("sum");
        var change = new RecordedChange(() => test.WriteVariables("A=1"));

        await test.ReachAsync(Configured("A", "1", change));

        Assert.Equal(("1:100", true, "1"), (test.Live, change.IsMade, test.Worker(1).Link.Loaded!.Environment["A"]));
        test.WriteFunctions("greet");
        var worker = test.Worker(1);
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Same(worker, test.Worker(1));
    }

    [Fact]
    public async Task Configure_DoesNotLoadWithThem_WritesNothing()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        var change = new RecordedChange(static () => Assert.Fail("It must not be made."));

        await test.FailAsync<DeploymentException>(Configured(FolderWorkers.FailVariable, "no database", change));

        Assert.Equal((worker, 1, "no database"), (test.Worker(1), change.Rollbacks, test.LastError));
    }

    [Fact]
    public async Task Configure_Stopped_OnlyWritesThem()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        var change = new RecordedChange(static () => { });

        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(Configured("A", "1", change)));

        Assert.Equal((ProjectStatus.Stopped, true, 0), (test.Project.Status, change.IsMade, change.Rollbacks));
    }

    [Fact]
    public async Task CleanUp_OldVersionsAndWhatACopyHasLeft_AreRemoved()
    {
        await using var test = await ProjectUnderTest.ServeAsync(configure: static options => options.KeepVersions = 2);
        foreach (var function in (string[])["b", "c", "d"])
        {
            test.WriteFunctions(function);
            await test.ReachAsync(ProjectGoal.Deployed);
        }

        var left = Directory.CreateDirectory(Path.Combine(test.Project.Live[0].Deployment.Directory, "..", ".staging-left"));
        await test.Project.CleanUpAsync();

        Assert.False(Directory.Exists(left.FullName));
        Assert.Equal([3, 4], await test.Catalog.ListVersionsAsync(ProjectUnderTest.Name, default));
    }

    private static WantedState Configured(string name, string value, RecordedChange change) => new(ProjectGoal.Configured)
    {
        Variables = new ProjectVariables(new Dictionary<string, string> { [name] = value }),
        Change = change,
    };
}
