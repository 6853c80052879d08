using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects;

/// <summary>What a project is to be brought to. What has to be done for it depends on what the project is by then: see
/// <see cref="ProjectPlan"/>.</summary>
internal sealed record WantedState(ProjectGoal Goal)
{
    /// <summary>Whether no worker is to be started where one has loaded the version before: the first call does.</summary>
    public bool AtRest { get; init; }

    /// <summary>The folder to deploy; null for the project's own.</summary>
    public string? Directory { get; init; }

    /// <summary>Where what is deployed comes from: one of <see cref="DeploymentSource"/>.</summary>
    public string Source { get; init; } = DeploymentSource.Folder;

    /// <summary>Made once all is loaded and before it is live, and rolled back where it does not become live; null for none.</summary>
    public IFolderChange? Change { get; init; }

    /// <summary>What must be there for it to become live; null for nothing.</summary>
    public FunctionRequirement? Requirement { get; init; }

    /// <summary>The environment of the workers; null for what the folder has.</summary>
    public ProjectVariables? Variables { get; init; }

    /// <summary>The versions that are to be live, by the part of the calls that each gets, above 0; null for no certain ones.</summary>
    public IReadOnlyDictionary<int, int>? Weights { get; init; }

    /// <summary>Whether workers that run one of them already go on with it.</summary>
    public bool KeepsWorkers { get; init; }

    /// <summary>Whether it ends an operator's stop before anything else is done.</summary>
    public bool EndsStop => Goal is ProjectGoal.Started or ProjectGoal.Restarted;
}
