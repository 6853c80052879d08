using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>Rollbacks, and calls divided between versions.</summary>
public sealed class ProjectDivideTests
{
    [Fact]
    public async Task RollBack_EarlierVersion_StaysLiveUntilTheFolderChanges()
    {
        await using var test = await TwoVersionsAsync();

        var outcome = await test.RollBackAsync(1);

        Assert.Equal(("1:100", "greet"), (test.Live, Assert.Single(outcome.Changes.Added)));
        Assert.False(test.Project.IsFolderLive);
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal("1:100", test.Live);
        await test.ReachAsync(ProjectGoal.Restarted);
        Assert.Equal("1:100", test.Live);
        await test.StopAsync();
        await test.ReachAsync(ProjectGoal.Started);
        Assert.Equal("1:100", test.Live);
        await test.RestartHostAsync();
        await test.ReachAsync(ProjectGoal.Started);
        Assert.Equal("1:100", test.Live);
        await test.ReachAsync(ProjectGoal.Deployed);
        Assert.Equal("2:100", test.Live);
    }

    [Fact]
    public async Task RollBack_NoSuchVersion_ChangesNothingAndNamesThoseThereAre()
    {
        await using var test = await TwoVersionsAsync();
        var worker = test.Worker(2);

        var error = await test.FailAsync<ProjectException>(
            new WantedState(ProjectGoal.Divided) { Weights = new Dictionary<int, int> { [7] = 100 } });

        Assert.Equal((ProjectErrorCode.VersionNotFound, "version"), (error.Code, error.Field));
        Assert.Contains("it has 1, 2", error.Message, StringComparison.Ordinal);
        Assert.Equal((worker, "2:100", null), (test.Worker(2), test.Live, test.LastError));
    }

    [Fact]
    public async Task RollBack_DoesNotLoadAnyMore_TheOtherGoesOnAndItsVersionStays()
    {
        await using var test = await TwoVersionsAsync();
        var worker = test.Worker(2);
        test.WriteVariables("FAIL=no database");

        await test.FailAsync<CloudFunctionException>(new WantedState(ProjectGoal.Divided) { Weights = new Dictionary<int, int> { [1] = 100 } });

        Assert.Equal((worker, "2:100", "no database"), (test.Worker(2), test.Live, test.LastError));
        Assert.Equal([1, 2], await test.Catalog.ListVersionsAsync(ProjectUnderTest.Name, default));
    }

    // All that is wanted runs already: there is nothing to wait for that could be called off, and yet it is.
    [Fact]
    public async Task Divide_CalledOffBeforeItIsMadeLasting_ChangesNothing()
    {
        await using var test = await TwoVersionsAsync();
        await test.DivideAsync((1, 90), (2, 10));

        await test.FailAsync<OperationCanceledException>(
            new WantedState(ProjectGoal.Divided) { Weights = new Dictionary<int, int> { [1] = 10, [2] = 90 }, KeepsWorkers = true },
            new CancellationToken(canceled: true));

        Assert.Equal(("1:90 2:10", null), (test.Live, test.LastError));
        await test.RestartHostAsync();
        await test.ReachAsync(ProjectGoal.Started);
        Assert.Equal("1:90 2:10", test.Live);
    }

    [Fact]
    public async Task RollBack_Stopped_Starts()
    {
        await using var test = await TwoVersionsAsync();
        await test.StopAsync();

        await test.RollBackAsync(1);

        Assert.Equal((ProjectStatus.Running, "1:100", false), (test.Project.Status, test.Live, test.Project.IsStopped));
    }

    [Fact]
    public async Task RollBack_SameVersion_GetsNewWorkers()
    {
        await using var test = await TwoVersionsAsync();
        var worker = test.Worker(2);

        await test.RollBackAsync(2);

        Assert.Equal(("2:100", true), (test.Live, worker.HasEnded));
        Assert.True(test.Project.IsFolderLive);
    }

    [Fact]
    public async Task Divide_OneRunsAlready_KeepsItsWorkersAndStartsTheOthers()
    {
        await using var test = await TwoVersionsAsync();
        var newer = test.Worker(2);

        await test.DivideAsync((1, 30), (2, 70));
        var older = test.Worker(1);
        Assert.Equal(("2:70 1:30", newer), (test.Live, test.Worker(2)));
        Assert.Equal(2, (await test.Catalog.ReadLiveAsync(ProjectUnderTest.Name, default)).Version);
        await test.DivideAsync((1, 60), (2, 40));

        Assert.Equal(("1:60 2:40", newer, older), (test.Live, test.Worker(2), test.Worker(1)));
        Assert.Equal(60, (await test.Catalog.ReadLiveAsync(ProjectUnderTest.Name, default)).WeightOf(1));
        Assert.False(test.Project.IsFolderLive);
        await test.DivideAsync((2, 100));
        Assert.Equal(("2:100", newer, true), (test.Live, test.Worker(2), older.HasEnded));
        Assert.True(test.Project.IsFolderLive);
    }

    [Fact]
    public async Task Divide_EqualParts_TheHigherVersionIsFirst()
    {
        await using var test = await TwoVersionsAsync();

        await test.DivideAsync((1, 50), (2, 50));

        Assert.Equal("2:50 1:50", test.Live);
    }

    [Fact]
    public async Task Divide_VariablesAreOthersByNow_GivesBothTheSame()
    {
        await using var test = await TwoVersionsAsync();
        var newer = test.Worker(2);
        test.WriteVariables("A=1");

        await test.DivideAsync((1, 30), (2, 70));

        Assert.True(newer.HasEnded);
        Assert.All([1, 2], version => Assert.Equal("1", test.Worker(version).Link.Loaded!.Environment["A"]));
        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));
    }

    [Fact]
    public async Task Divide_OneDoesNotLoad_TheOneThatRunsGoesOnAlone()
    {
        await using var test = await TwoVersionsAsync();
        var newer = test.Worker(2);
        await test.Catalog.SaveAsync(
            ProjectUnderTest.Name, (await test.Catalog.FindAsync(ProjectUnderTest.Name, 1, default))! with { Functions = null }, default);
        File.WriteAllText(Path.Combine((await VersionDirectoryAsync(test, 1)), FolderWorkers.FileName), "!no function");

        await test.FailAsync<CloudFunctionException>(
            new WantedState(ProjectGoal.Divided) { Weights = new Dictionary<int, int> { [1] = 30, [2] = 70 }, KeepsWorkers = true });

        Assert.Equal(("2:100", newer, false), (test.Live, test.Worker(2), newer.HasEnded));
        Assert.Single(test.Host.Runner.Running);
    }

    [Fact]
    public async Task Divide_OneIsUnhealthy_CallsGoToTheOtherUntilItIsDividedAnew()
    {
        await using var test = await TwoVersionsAsync();
        await test.DivideAsync((1, 30), (2, 70));
        await test.MakeUnhealthyAsync(1);
        Assert.Equal((ProjectStatus.Running, null), (test.Project.Status, await test.CallAsync()));
        var newer = test.Worker(2);

        await test.DivideAsync((1, 30), (2, 70));

        Assert.Equal(newer, test.Worker(2));
        Assert.False(test.Worker(1).HasEnded);
        await test.MakeUnhealthyAsync(1);
        await test.MakeUnhealthyAsync(2);
        Assert.Equal((ProjectStatus.Unhealthy, RejectionReason.Unhealthy), (test.Project.Status, (await test.CallAsync())!.Reason));
    }

    [Fact]
    public async Task Start_TwoAreLive_RunsBothWithTheirParts()
    {
        await using var test = await TwoVersionsAsync();
        await test.DivideAsync((1, 30), (2, 70));
        await test.RestartHostAsync();

        await test.ReachAsync(ProjectGoal.Started);

        Assert.Equal("2:70 1:30", test.Live);
        Assert.Equal(70, (await test.Catalog.ReadLiveAsync(ProjectUnderTest.Name, default)).WeightOf(2));
        Assert.Equal(2, test.Host.Runner.Running.Count);
    }

    [Fact]
    public async Task Start_TwoAreLiveAndOneDoesNotLoad_LeavesNoWorkerOfTheOther()
    {
        await using var test = await TwoVersionsAsync();
        await test.DivideAsync((1, 30), (2, 70));
        await test.StopAsync();
        File.WriteAllText(Path.Combine(await VersionDirectoryAsync(test, 1), FolderWorkers.FileName), "!no function");

        Assert.Equal("no function", await test.FailAsync(ProjectGoal.Started));

        Assert.Equal(ProjectStatus.Failed, test.Project.Status);
        Assert.Empty(test.Host.Runner.Running);
    }

    [Fact]
    public async Task Deploy_TwoAreLive_OneIs()
    {
        await using var test = await TwoVersionsAsync();
        await test.DivideAsync((1, 30), (2, 70));
        test.WriteFunctions("total");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal("3:100", test.Live);
        Assert.Single(test.Host.Runner.Running);
    }

    [Fact]
    public async Task Start_VersionsAreGone_SaysSoWhereTheFolderIsNoHelp()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        await test.Catalog.RemoveAsync(ProjectUnderTest.Name, 1, default);
        test.WriteFunctions("!no function");

        Assert.Equal("no function", await test.FailAsync(ProjectGoal.Started));

        test.WriteFunctions("greet");
        await test.ReachAsync(ProjectGoal.Started);
        Assert.Equal("3:100", test.Live);
    }

    private static async Task<ProjectUnderTest> TwoVersionsAsync()
    {
        var test = await ProjectUnderTest.ServeAsync("greet");
        test.WriteFunctions("sum");
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal("2:100", test.Live);
        return test;
    }

    private static async Task<string> VersionDirectoryAsync(ProjectUnderTest test, int version) =>
        (await test.Versions.RecheckAsync(ProjectUnderTest.Name, new Dictionary<int, int> { [version] = 100 }))[0].Deployment.Directory;
}
