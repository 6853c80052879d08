using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>What is recorded of a project cannot be read: which version served is not known then, and no other is chosen for it.</summary>
public sealed class ProjectRecordTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_RecordCannotBeRead_FailsWithItsNameAndServesNothing(bool isDamaged)
    {
        await using var test = await RolledBackAsync();
        test.Catalog.ReadFailure = Failure(isDamaged);
        await test.RestartHostAsync();

        Assert.Contains("active.json", await test.FailAsync(ProjectGoal.Started), StringComparison.Ordinal);
        Assert.Equal((ProjectStatus.Failed, ""), (test.Project.Status, test.Live));
        Assert.Contains("active.json", test.LastError, StringComparison.Ordinal);
        Assert.Contains("active.json", await test.FailAsync(ProjectGoal.Restarted), StringComparison.Ordinal);
        Assert.Contains("active.json", await test.FailAsync(ProjectGoal.Synced), StringComparison.Ordinal);

        test.Catalog.ReadFailure = null;
        await test.ReachAsync(ProjectGoal.Started);

        Assert.Equal(("1:100", null), (test.Live, test.LastError));
    }

    /// <summary>An operator who says what is to serve needs no record of what did.</summary>
    [Theory]
    [InlineData(true, "1:100")]
    [InlineData(false, "2:100")]
    public async Task RollBackOrDeploy_RecordIsDamaged_ServesAndRecordsItAnew(bool rollsBack, string live)
    {
        await using var test = await RolledBackAsync();
        test.Catalog.ReadFailure = Failure(isDamaged: true);
        await test.RestartHostAsync();
        await test.FailAsync(ProjectGoal.Started);

        await (rollsBack ? test.RollBackAsync(1) : test.ReachAsync(ProjectGoal.Deployed));

        Assert.Equal((live, null), (test.Live, test.LastError));
        await test.RestartHostAsync();
        await test.ReachAsync(ProjectGoal.Started);
        Assert.Equal(live, test.Live); // The folder is known to have been deployed before.
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sync_RecordCannotBeReadWhileItServes_ServesOnAndLogsWhyOnce(bool isDamaged)
    {
        await using var test = await RolledBackAsync();
        test.Catalog.ReadFailure = Failure(isDamaged);
        test.WriteVariables("A=1");

        await test.FailAsync(ProjectGoal.Synced);
        await test.FailAsync(ProjectGoal.Synced);
        var none = new ProjectVariables(new Dictionary<string, string>());
        await test.FailAsync<Exception>(new WantedState(ProjectGoal.Configured) { Variables = none });

        Assert.Equal((ProjectStatus.Running, "1:100"), (test.Project.Status, test.Live));
        Assert.Contains("active.json", test.LastError, StringComparison.Ordinal);
        Assert.Contains(test.Messages, message => message.Contains("active.json", StringComparison.Ordinal));
        test.Catalog.ReadFailure = null;
        await test.ReachAsync(ProjectGoal.Synced);
        Assert.Equal(("1:100", "1", null), (test.Live, test.Worker(1).Link.Loaded!.Environment["A"], test.LastError));
    }

    [Fact]
    public async Task Describe_RecordCannotBeRead_IsAnError()
    {
        await using var test = await RolledBackAsync();
        test.Catalog.ReadFailure = Failure(isDamaged: true);

        await Assert.ThrowsAsync<DamagedRecordException>(() => test.Versions.DescribeAsync(ProjectUnderTest.Name, default));
    }

    private static async Task<ProjectUnderTest> RolledBackAsync()
    {
        var test = await ProjectUnderTest.ServeAsync();
        test.WriteFunctions("greet2");
        await test.ReachAsync(ProjectGoal.Deployed);
        await test.RollBackAsync(1);
        Assert.Equal("1:100", test.Live);
        return test;
    }

    private static Exception Failure(bool isDamaged) => isDamaged
        ? new DamagedRecordException("/srv/deployments/shop/active.json")
        : new UnauthorizedAccessException("Access to the path '/srv/deployments/shop/active.json' is denied.");
}
