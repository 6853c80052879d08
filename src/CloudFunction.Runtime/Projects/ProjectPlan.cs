namespace CloudFunction.Runtime.Projects;

/// <summary>What has to be done with a project, given what is wanted and what it is. All decisions of that kind are made here, without reading
/// anything else.</summary>
/// <param name="Step">What is done.</param>
/// <param name="Fallback">What is done where that fails.</param>
/// <param name="AtRest">Whether workers are not to be started, or are to sleep, until somebody calls.</param>
internal sealed record ProjectPlan(ProjectStep Step, ProjectFallback Fallback = ProjectFallback.None, bool AtRest = false)
{
    private static readonly ProjectPlan Nothing = new(ProjectStep.None);

    /// <summary>Whether the plan depends on what the folder holds.</summary>
    public static bool DependsOnFolder(WantedState wanted, ProjectFacts facts) => wanted.Goal switch
    {
        ProjectGoal.Started => !facts.IsHealthy,
        ProjectGoal.Restarted => true,
        ProjectGoal.Synced => !facts.IsStopped, // Its next start checks.
        ProjectGoal.Deployed => wanted.Directory is null,
        _ => false,
    };

    /// <summary>Decides.</summary>
    public static ProjectPlan For(WantedState wanted, ProjectFacts facts) => wanted.Goal switch
    {
        ProjectGoal.Started => facts.IsHealthy ? Nothing : Start(facts, wanted.AtRest),
        ProjectGoal.Restarted when !facts.IsRunning => Start(facts, atRest: false),
        ProjectGoal.Restarted => new ProjectPlan(facts.IsFolderDeployed ? ProjectStep.RunLive : ProjectStep.Deploy),
        ProjectGoal.Reloaded => facts.IsRunning ? new ProjectPlan(ProjectStep.RunLive, AtRest: facts.IsAsleep) : Nothing,
        ProjectGoal.Synced => facts.IsStopped ? Nothing : Sync(facts),
        ProjectGoal.Deployed => new ProjectPlan(ProjectStep.Deploy),
        ProjectGoal.Divided => new ProjectPlan(ProjectStep.RunVersions),
        ProjectGoal.Configured => new ProjectPlan(facts.IsRunning ? ProjectStep.RunLive : ProjectStep.ChangeFolder),
        _ => throw new ArgumentOutOfRangeException(nameof(wanted)),
    };

    /// <summary>Whether what is live gets new workers after this failure.</summary>
    public bool FallsBackAfter(Exception error) => Fallback switch
    {
        ProjectFallback.OnRefusal => error is CloudFunctionException,
        ProjectFallback.OnFailure => error is not OperationCanceledException,
        _ => false,
    };

    private static ProjectPlan Start(ProjectFacts facts, bool atRest) => facts.IsFolderDeployed
        ? new ProjectPlan(ProjectStep.RunLive, AtRest: atRest)
        : new ProjectPlan(ProjectStep.Deploy, facts.HasLive ? ProjectFallback.OnFailure : ProjectFallback.None, atRest);

    private static ProjectPlan Sync(ProjectFacts facts)
    {
        if (facts.Folder == facts.TriedFolder && !facts.HasOtherVariables)
        {
            return Nothing;
        }

        if (!facts.IsFolderDeployed)
        {
            return new ProjectPlan(ProjectStep.Deploy, facts.HasOtherVariables && facts.IsRunning ? ProjectFallback.OnRefusal : ProjectFallback.None);
        }

        if (facts.HasOtherVariables || !facts.IsHealthy)
        {
            return new ProjectPlan(ProjectStep.RunLive);
        }

        // What was wrong was put right by putting back what was there before.
        return facts.Variables is { } variables && variables.IsSameAs(facts.LiveVariables) ? new ProjectPlan(ProjectStep.ClearError) : Nothing;
    }
}
