using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>A project follows its folder.</summary>
public sealed class ProjectSyncTests
{
    [Fact]
    public async Task Sync_NothingChanged_DoesNothing()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);

        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));

        Assert.Equal((worker, "1:100"), (test.Worker(1), test.Live));
    }

    [Fact]
    public async Task Sync_OtherSources_BecomeLiveAndTheOldWorkersEnd()
    {
        await using var test = await ProjectUnderTest.ServeAsync("greet tick");
        var worker = test.Worker(1);
        test.WriteFunctions("tick2");

        var outcome = await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal(("2:100", true), (test.Live, worker.HasEnded));
        Assert.Equal(["greet", "tick"], outcome.Changes.Removed);
        Assert.Equal("tick2", Assert.Single(test.Schedules).Definition.Target.Function);
        Assert.True(test.Project.IsFolderLive);
    }

    [Fact]
    public async Task Sync_OtherVariables_RunsTheSameVersionWithThem()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteVariables("A=1");

        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal(("1:100", "1"), (test.Live, test.Worker(1).Link.Loaded!.Environment["A"]));
        test.WriteVariables("A=2");
        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal(("1:100", "2"), (test.Live, test.Worker(1).Link.Loaded!.Environment["A"]));
        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));
    }

    [Fact]
    public async Task Sync_VariablesThatAreUnclear_AreWarnedOfOnceForEachContent()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteVariables("A=1\nB=${A}/x");
        await test.ReachAsync(ProjectGoal.Synced);
        await test.ReachAsync(ProjectGoal.Restarted);
        await test.ReachAsync(ProjectGoal.Synced);

        var warning = Assert.Single(test.Messages, message => message.Contains("${…}", StringComparison.Ordinal));
        Assert.StartsWith(
            $"Warning: Project shop: {Path.Combine(test.Directory, ".env")}:2: B has '${{…}}', which stays as it is written", warning,
            StringComparison.Ordinal);
        Assert.Equal("${A}/x", test.Worker(1).Link.Loaded!.Environment["B"]);

        test.WriteVariables("A=1\n\nB=${A}/y");
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Single(test.Messages, message => message.Contains(".env:3: B has '${…}'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sync_ReferencesToBeReplaced_StandForTheFilesOwnVariablesAndNeverForTheHostsKeys()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.Options.EnvInterpolate = true;
        test.HostVariables["ADMIN_KEY"] = "secret";
        test.HostVariables["REGION"] = "north";
        test.WriteVariables("A=1\nB=${A}/x [${ADMIN_KEY}] ${REGION}");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal("1/x [] north", test.Worker(1).Link.Loaded!.Environment["B"]);
        Assert.DoesNotContain(test.Messages, message => message.Contains("${…}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sync_VariableIsRemoved_RunsTheSameVersionWithoutIt()
    {
        await using var test = await ProjectUnderTest.OpenAsync();
        test.WriteVariables("A=1");
        await test.ReachAsync(ProjectGoal.Started);
        test.WriteVariables("");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Empty(test.Worker(1).Link.Loaded!.Environment);
    }

    [Fact]
    public async Task Sync_DoesNotLoad_IsNotTriedAgainUntilItChanges()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteFunctions("!no function");

        Assert.Equal("no function", await test.FailAsync(ProjectGoal.Synced));
        var started = test.Host.Runner.Processes.Count;
        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));

        Assert.Equal((worker, ProjectStatus.Running, "no function"), (test.Worker(1), test.Project.Status, test.LastError));
        Assert.Equal(started, test.Host.Runner.Processes.Count);
        test.WriteFunctions("!none still");
        Assert.Equal("none still", await test.FailAsync(ProjectGoal.Synced));
    }

    [Fact]
    public async Task Sync_WhatDidNotLoadIsPutBack_ReportsNoErrorAnyMore()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteFunctions("!no function");
        await test.FailAsync(ProjectGoal.Synced);
        test.WriteFunctions("greet");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal((worker, "1:100", null), (test.Worker(1), test.Live, test.LastError));
    }

    [Fact]
    public async Task Sync_FolderHoldsNoProject_IsRefusedOnceAndTheOldGoesOn()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        File.Move(Path.Combine(test.Directory, "Greetings.dll"), Path.Combine(test.Directory, "Greetings.txt"));

        var error = await test.FailAsync(ProjectGoal.Synced);

        Assert.Equal((error, "1:100"), (test.LastError, test.Live));
        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));
    }

    [Fact]
    public async Task Sync_StartFailedAndTheFolderIsMended_Starts()
    {
        await using var test = await ProjectUnderTest.OpenAsync("!no function");
        await test.FailAsync(ProjectGoal.Started);
        test.WriteFunctions("greet");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal((ProjectStatus.Running, null), (test.Project.Status, test.LastError));
        Assert.Null(await test.CallAsync());
    }

    [Fact]
    public async Task Sync_StartFailedForItsVariablesAndTheyAreMended_Starts()
    {
        await using var test = await ProjectUnderTest.OpenAsync();
        test.WriteVariables("no value");
        var error = await test.FailAsync(ProjectGoal.Started);
        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));
        Assert.Equal((ProjectStatus.Failed, error), (test.Project.Status, test.LastError));
        test.WriteVariables("A=1");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal((ProjectStatus.Running, null), (test.Project.Status, test.LastError));
    }

    [Fact]
    public async Task Sync_SourcesAreRefusedAndVariablesAreOthers_RunsWhatIsLiveWithThem()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("!no function");
        test.WriteVariables("A=1");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal(("1:100", "no function"), (test.Live, test.LastError));
        Assert.Equal("1", test.Worker(1).Link.Loaded!.Environment["A"]);
        var worker = test.Worker(1);
        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));
        Assert.Same(worker, test.Worker(1));
    }

    [Fact]
    public async Task Sync_SourcesAndVariablesDoNotDo_TheOldWorkersGoOnWithTheirs()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteFunctions("!no function");
        test.WriteVariables("FAIL=no database");

        Assert.Equal("no database", await test.FailAsync(ProjectGoal.Synced));

        Assert.Equal((worker, ProjectStatus.Running, "no database"), (test.Worker(1), test.Project.Status, test.LastError));
        Assert.Null(await test.CallAsync());
        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));
    }

    [Fact]
    public async Task Sync_DiskFails_DoesNotFallBackToTheVariablesAlone()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("sum");
        test.WriteVariables("A=1");
        test.Catalog.Failure = new IOException("The disk is full.");

        await test.FailAsync<IOException>(new WantedState(ProjectGoal.Synced));

        Assert.Equal(("1:100", "The disk is full."), (test.Live, test.LastError));
        Assert.DoesNotContain("A", test.Worker(1).Link.Loaded!.Environment.Keys);
    }

    [Fact]
    public async Task Sync_VariablesAreWrong_ReportsItOnceAndTheOldOnesStay()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        var worker = test.Worker(1);
        test.WriteVariables("no value");

        await test.ReachAsync(ProjectGoal.Synced);
        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal((worker, ProjectStatus.Running), (test.Worker(1), test.Project.Status));
        Assert.Contains(".env:1", test.LastError, StringComparison.Ordinal);
        Assert.Single(test.Messages, static message => message.Contains(".env:1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sync_RestartFailedForWrongVariablesThatAreWhatTheyWereAgain_ReportsNoErrorAnyMore()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteVariables("no value");
        await test.FailAsync(ProjectGoal.Restarted);
        test.WriteVariables("");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Null(test.LastError);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A=1")]
    public async Task Sync_WrongVariablesArePutRight_ReportsNoErrorAnyMore(string variables)
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteVariables("no value");
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.NotNull(test.LastError);

        test.WriteVariables(variables);
        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Null(test.LastError);
    }

    /// <summary>What is wrong with the variables does not hide for good what is wrong with the sources.</summary>
    [Fact]
    public async Task Sync_WrongVariablesArePutRightAndTheSourcesAreWrongStill_ReportsThese()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("!no function");
        await test.FailAsync(ProjectGoal.Synced);
        test.WriteVariables("no value");
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Contains(".env:1", test.LastError, StringComparison.Ordinal);

        test.WriteVariables("");
        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal("no function", test.LastError);
    }

    [Fact]
    public async Task Sync_Stopped_StaysStoppedWhateverChanges()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.StopAsync();
        test.WriteFunctions("sum");
        test.WriteVariables("no value");

        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));

        Assert.Equal((ProjectStatus.Stopped, null), (test.Project.Status, test.LastError));
        Assert.Equal(RejectionReason.ProjectStopped, (await test.CallAsync())!.Reason);
        test.WriteVariables("");
        await test.ReachAsync(ProjectGoal.Started);
        Assert.Equal("2:100", test.Live);
    }

    [Fact]
    public async Task Sync_Unhealthy_TriesOnlyWhatIsNew()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.MakeUnhealthyAsync(1);
        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));
        test.WriteFunctions("sum");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal((ProjectStatus.Running, "2:100", null), (test.Project.Status, test.Live, test.LastError));
    }

    [Fact]
    public async Task Sync_UnhealthyAndWhatWasTriedInVainIsPutBack_RunsItAnew()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        await test.MakeUnhealthyAsync(1);
        test.WriteFunctions("!no function");
        await test.FailAsync(ProjectGoal.Synced);
        Assert.Equal(ProjectStatus.Unhealthy, test.Project.Status);
        test.WriteFunctions("greet");

        await test.ReachAsync(ProjectGoal.Synced);

        Assert.Equal((ProjectStatus.Running, "1:100"), (test.Project.Status, test.Live));
    }

    [Fact]
    public async Task Sync_DeployedByRequestAndFailed_IsNotTriedAgain()
    {
        await using var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("!no function");
        await test.FailAsync(ProjectGoal.Deployed);

        Assert.Same(ProjectOutcome.Nothing, await test.ReachAsync(ProjectGoal.Synced));
    }
}
