using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>What operators decide about a project outlives its deploys, its host and a disk that is full.</summary>
public sealed class ProjectDecisionsTests
{
    [Fact]
    public async Task Stop_HostStartsAnew_StaysStopped()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();

        await test.RestartHostAsync();

        Assert.Equal((ProjectStatus.Stopped, RejectionReason.ProjectStopped), (test.Project.Status, (await test.CallAsync())!.Reason));
        test.WriteFunctions("sum");
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal(ProjectStatus.Stopped, test.Project.Status);
    }

    [Fact]
    public async Task Stop_CannotBeWritten_GoesOn()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.BreakStateFile();

        await Assert.ThrowsAnyAsync<SystemException>(test.Project.StopAsync);

        Assert.Equal((ProjectStatus.Running, "1:100", false), (test.Project.Status, test.Live, test.Project.IsStopped));
        Assert.Null(await test.CallAsync());
    }

    [Fact]
    public async Task Start_CannotBeWritten_StaysStoppedAndReportsIt()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        test.BreakStateFile();

        var error = await test.FailAsync<SystemException>(new WantedState(ProjectGoal.Started));

        Assert.Equal((ProjectStatus.Stopped, true, error.Message), (test.Project.Status, test.Project.IsStopped, test.LastError));
        Assert.Equal(RejectionReason.ProjectStopped, (await test.CallAsync())!.Reason);
        test.MendStateFile();
        await test.ReachAsync(ProjectGoal.Started);
        Assert.Equal((ProjectStatus.Running, null), (test.Project.Status, test.LastError));
    }

    [Fact]
    public async Task Deploy_StoppedAndTheStartCannotBeWritten_ServesAllTheSame()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        test.BreakStateFile();

        await test.ReachAsync(ProjectGoal.Deployed);

        Assert.Equal((ProjectStatus.Running, false), (test.Project.Status, test.Project.IsStopped));
        Assert.Contains(test.Messages, message => message.StartsWith("Error: Saving the projects' state failed (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disable_Function_OutlivesDeploysAndTheHost()
    {
        await using var test = await ProjectUnderTest.ServeAsync("greet tick");

        await test.Project.DisableAsync("tick");

        Assert.Equal(["greet"], test.Functions);
        Assert.Equal(["tick"], test.Routes.Current[ProjectUnderTest.Name].Disabled);
        Assert.False(Assert.Single(test.Schedules).Definition.IsEnabled);
        test.WriteFunctions("greet sum tick");
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal(["greet", "sum"], test.Functions);
        Assert.False(Assert.Single(test.Schedules).Definition.IsEnabled);
        await test.RestartHostAsync();
        await test.ReachAsync(ProjectGoal.Started);
        Assert.Equal(["greet", "sum"], test.Functions);
        Assert.True(Assert.Single(test.Project.Describe().Functions, function => function.Name == "tick").Disabled);

        await test.Project.EnableAsync("tick");

        Assert.Equal(["greet", "sum", "tick"], test.Functions);
        Assert.True(Assert.Single(test.Schedules).Definition.IsEnabled);
    }

    [Fact]
    public async Task Disable_Stopped_CountsOnceItServes()
    {
        await using var test = await ProjectUnderTest.ServeAsync("greet tick");
        await test.StopAsync();

        await test.Project.DisableAsync("tick");
        Assert.Single(test.Schedules); // What is known of its runs is not forgotten.
        await test.ReachAsync(ProjectGoal.Started);

        Assert.Equal(["greet"], test.Functions);
        Assert.False(Assert.Single(test.Schedules).Definition.IsEnabled);
    }

    [Fact]
    public async Task Disable_CannotBeWritten_ChangesNothing()
    {
        await using var test = await ProjectUnderTest.ServeAsync("greet sum");
        test.BreakStateFile();

        await Assert.ThrowsAnyAsync<SystemException>(() => test.Project.DisableAsync("sum"));

        Assert.Equal(["greet", "sum"], test.Functions);
    }

    /// <summary>Requests that come at once are done one after the other, under the project's name; whatever their order, one whole state
    /// is left.</summary>
    [Fact]
    public async Task AnyRequests_AtOnce_LeaveOneWholeState()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("sum");
        await test.ReachAsync(ProjectGoal.Synced);
        WantedState[] wishes =
        [
            new(ProjectGoal.Started), new(ProjectGoal.Restarted), new(ProjectGoal.Reloaded), new(ProjectGoal.Synced), new(ProjectGoal.Deployed),
            new(ProjectGoal.Divided) { Weights = new Dictionary<int, int> { [1] = 100 } },
            new(ProjectGoal.Divided) { Weights = new Dictionary<int, int> { [1] = 50, [2] = 50 }, KeepsWorkers = true },
        ];
        using var reading = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!reading.IsCancellationRequested)
            {
                var info = test.Project.Describe();
                Assert.Equal(info.Status == ProjectStatus.Running, info.Version is not null);
            }
        });

        var requests = Enumerable.Range(0, 6).SelectMany(_ => wishes)
            .Select(wanted => test.Turns.RunAsync(ProjectUnderTest.Name, () => test.Project.ReachAsync(wanted, default), default));
        await Task.WhenAll(requests).Soon("all requests");
        await reading.CancelAsync();
        await reader;

        await test.Host.SettleAsync();
        var live = await test.Catalog.ReadLiveAsync(ProjectUnderTest.Name, default);
        Assert.Equal(live.All, test.Project.Live.Select(each => each.Deployment.Version));
        Assert.Equal(test.Project.Live.Count, test.Host.Runner.Running.Count);
        Assert.Equal((ProjectStatus.Running, null), (test.Project.Status, await test.CallAsync()));
    }
}
