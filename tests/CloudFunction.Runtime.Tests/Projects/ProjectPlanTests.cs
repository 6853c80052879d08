using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Projects;

public sealed class ProjectPlanTests
{
    private static readonly ProjectVariables One = new(new Dictionary<string, string> { ["A"] = "1" });
    private static readonly ProjectVariables Two = new(new Dictionary<string, string> { ["A"] = "2" });

    // Runs what its folder holds.
    private static readonly ProjectFacts Serving = new()
    {
        IsRunning = true,
        IsHealthy = true,
        HasLive = true,
        Folder = "f",
        DeployedFolder = "f",
        TriedFolder = "f",
        Variables = One,
        TriedVariables = One,
        LiveVariables = One,
    };

    // Has been deployed, and no worker runs.
    private static readonly ProjectFacts Resting = Serving with { IsRunning = false, IsHealthy = false, LiveVariables = null };

    private static readonly ProjectFacts Unhealthy = Serving with { IsHealthy = false };

    private static readonly ProjectFacts Empty = new() { Folder = "f", Variables = One };

    private static readonly (bool IsRunning, bool IsHealthy, bool IsStopped)[] States =
        [(true, true, false), (true, false, false), (false, false, false), (false, false, true)];

    [Fact]
    public void Started_Healthy_DoesNothingWhateverTheFolderHolds() =>
        AssertPlan(ProjectStep.None, ProjectGoal.Started, Serving with { Folder = "g", Variables = Two });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Started_FolderIsDeployed_RunsWhatIsLive(bool atRest)
    {
        var wanted = new WantedState(ProjectGoal.Started) { AtRest = atRest };

        Assert.Equal(new ProjectPlan(ProjectStep.RunLive, AtRest: atRest), ProjectPlan.For(wanted, Resting));
        Assert.Equal(new ProjectPlan(ProjectStep.RunLive, AtRest: atRest), ProjectPlan.For(wanted, Unhealthy));
    }

    [Fact]
    public void Started_OtherFolder_DeploysItAndFallsBackToWhatIsLive()
    {
        AssertPlan(ProjectStep.Deploy, ProjectGoal.Started, Resting with { Folder = "g" }, ProjectFallback.OnFailure);
        AssertPlan(ProjectStep.Deploy, ProjectGoal.Started, Empty);
    }

    [Fact]
    public void Started_VersionsAreGone_DeploysTheFolderAgain() =>
        AssertPlan(ProjectStep.Deploy, ProjectGoal.Started, Resting with { HasLive = false });

    [Fact]
    public void Restarted_Running_NeverFallsBackForTheOldWorkersGoOn()
    {
        AssertPlan(ProjectStep.RunLive, ProjectGoal.Restarted, Serving);
        AssertPlan(ProjectStep.Deploy, ProjectGoal.Restarted, Serving with { Folder = "g" });
        AssertPlan(ProjectStep.RunLive, ProjectGoal.Restarted, Unhealthy);
    }

    [Fact]
    public void Restarted_NotRunning_IsAStart()
    {
        AssertPlan(ProjectStep.RunLive, ProjectGoal.Restarted, Resting);
        AssertPlan(ProjectStep.Deploy, ProjectGoal.Restarted, Resting with { Folder = "g" }, ProjectFallback.OnFailure);
    }

    [Fact]
    public void Reloaded_Running_RunsWhatIsLiveAndLeavesItAsleep()
    {
        AssertPlan(ProjectStep.RunLive, ProjectGoal.Reloaded, Serving with { Folder = "g" });
        Assert.True(ProjectPlan.For(new WantedState(ProjectGoal.Reloaded), Serving with { IsAsleep = true }).AtRest);
        AssertPlan(ProjectStep.None, ProjectGoal.Reloaded, Resting);
    }

    [Fact]
    public void Synced_NothingNew_DoesNothingEvenWhereItFailed()
    {
        AssertPlan(ProjectStep.None, ProjectGoal.Synced, Serving);
        AssertPlan(ProjectStep.None, ProjectGoal.Synced, Unhealthy);
        AssertPlan(ProjectStep.None, ProjectGoal.Synced, Empty with { TriedFolder = "f", TriedVariables = One });
    }

    [Fact]
    public void Synced_Stopped_DoesNothing() =>
        AssertPlan(ProjectStep.None, ProjectGoal.Synced, Resting with { IsStopped = true, Folder = "g", Variables = Two });

    [Fact]
    public void Synced_OtherFolder_DeploysIt() =>
        AssertPlan(ProjectStep.Deploy, ProjectGoal.Synced, Serving with { Folder = "g" });

    [Fact]
    public void Synced_OtherFolderAndVariables_FallsBackToTheVariablesAlone()
    {
        AssertPlan(ProjectStep.Deploy, ProjectGoal.Synced, Serving with { Folder = "g", Variables = Two }, ProjectFallback.OnRefusal);
        AssertPlan(ProjectStep.Deploy, ProjectGoal.Synced, Resting with { Folder = "g", Variables = Two });
    }

    [Fact]
    public void Synced_OtherVariables_SwapsTheWorkers() =>
        AssertPlan(ProjectStep.RunLive, ProjectGoal.Synced, Serving with { Variables = Two });

    [Fact]
    public void Synced_RolledBackAndOtherVariables_LeavesTheVersion() =>
        AssertPlan(ProjectStep.RunLive, ProjectGoal.Synced, Serving with { Variables = Two, TriedFolder = null });

    [Fact]
    public void Synced_WhatWasTriedInVainIsPutBack_ClearsTheError()
    {
        AssertPlan(ProjectStep.ClearError, ProjectGoal.Synced, Serving with { TriedFolder = "g" });
        AssertPlan(ProjectStep.RunLive, ProjectGoal.Synced, Unhealthy with { TriedFolder = "g" });
        AssertPlan(ProjectStep.None, ProjectGoal.Synced, Serving with { TriedFolder = "g", Variables = null });
        AssertPlan(ProjectStep.None, ProjectGoal.Synced, Serving with { TriedFolder = "g", Variables = Two, TriedVariables = Two });
    }

    [Fact]
    public void Synced_WrongVariables_AreNotOtherOnes() =>
        AssertPlan(ProjectStep.None, ProjectGoal.Synced, Serving with { Variables = null });

    [Fact]
    public void Configured_NotRunning_OnlyChangesTheFolder()
    {
        AssertPlan(ProjectStep.ChangeFolder, ProjectGoal.Configured, Resting);
        AssertPlan(ProjectStep.RunLive, ProjectGoal.Configured, Serving);
    }

    [Fact]
    public void DeployedAndDivided_Always_DoAsTheyAreTold()
    {
        foreach (var facts in (ProjectFacts[])[Serving, Resting, Unhealthy, Empty, Resting with { IsStopped = true }])
        {
            AssertPlan(ProjectStep.Deploy, ProjectGoal.Deployed, facts);
            AssertPlan(ProjectStep.RunVersions, ProjectGoal.Divided, facts);
        }
    }

    /// <summary>Of every state that a project can be in, for every goal.</summary>
    [Fact]
    public void For_EveryState_KeepsWhatAlwaysHolds()
    {
        foreach (var facts in EveryState())
        {
            foreach (var goal in Enum.GetValues<ProjectGoal>())
            {
                var plan = ProjectPlan.For(new WantedState(goal), facts);
                var state = $"{goal} of {facts}: {plan}";

                // What falls back has something to fall back to, and deploys.
                Assert.True(plan.Fallback == ProjectFallback.None || (plan.Step == ProjectStep.Deploy && facts.HasLive), state);

                // Nobody waits for a project that serves: nothing but an explicit wish changes what is live where the folder is the same.
                var isOrder = goal is ProjectGoal.Deployed or ProjectGoal.Divided;
                Assert.True(isOrder || !facts.IsFolderDeployed || plan.Step is not (ProjectStep.Deploy or ProjectStep.RunVersions), state);

                // What is done once is not done again for the same folder and variables.
                var done = facts with { TriedFolder = facts.Folder, TriedVariables = facts.Variables ?? facts.TriedVariables };
                Assert.Equal(ProjectStep.None, ProjectPlan.For(new WantedState(ProjectGoal.Synced), done).Step);

                // A stopped project is started by those who say so alone.
                Assert.True(!facts.IsStopped || goal != ProjectGoal.Synced || plan.Step == ProjectStep.None, state);

                // The plan depends on the folder only where it says that it does.
                if (!ProjectPlan.DependsOnFolder(new WantedState(goal), facts))
                {
                    var other = facts with { Folder = "other", Variables = Two, DeployedFolder = null };
                    Assert.Equal(plan, ProjectPlan.For(new WantedState(goal), other));
                }
            }
        }
    }

    [Fact]
    public void FallsBackAfter_EachKindOfFailure_IsAsPlanned()
    {
        var refusal = new ProjectException(ProjectErrorCode.Conflict, "");
        var (failure, cancelled) = (new IOException(), new OperationCanceledException());
        (bool, bool, bool) Of(ProjectFallback fallback)
        {
            var plan = new ProjectPlan(ProjectStep.Deploy, fallback);
            return (plan.FallsBackAfter(refusal), plan.FallsBackAfter(failure), plan.FallsBackAfter(cancelled));
        }

        Assert.Equal((false, false, false), Of(ProjectFallback.None));
        Assert.Equal((true, false, false), Of(ProjectFallback.OnRefusal));
        Assert.Equal((true, true, false), Of(ProjectFallback.OnFailure));
    }

    private static void AssertPlan(ProjectStep step, ProjectGoal goal, ProjectFacts facts, ProjectFallback fallback = ProjectFallback.None) =>
        Assert.Equal(new ProjectPlan(step, fallback), ProjectPlan.For(new WantedState(goal), facts));

    private static IEnumerable<ProjectFacts> EveryState()
    {
        ProjectVariables?[] variables = [null, One, Two];
        string?[] folders = [null, "f", "g"];
        foreach (var (isRunning, isHealthy, isStopped) in States)
        {
            foreach (var deployed in folders)
            {
                foreach (var tried in folders)
                {
                    foreach (var read in variables)
                    {
                        foreach (var triedVariables in variables)
                        {
                            yield return new ProjectFacts
                            {
                                IsRunning = isRunning,
                                IsHealthy = isHealthy,
                                IsStopped = isStopped,
                                HasLive = isRunning || deployed is not null,
                                Folder = "f",
                                DeployedFolder = deployed,
                                TriedFolder = tried,
                                Variables = read,
                                TriedVariables = triedVariables,
                                LiveVariables = isRunning ? One : null,
                            };
                        }
                    }
                }
            }
        }
    }
}
