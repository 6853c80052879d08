namespace CloudFunction.Runtime.Projects;

/// <summary>What a project is at one moment, as far as it decides what has to be done to bring it to a <see cref="WantedState"/>.</summary>
internal sealed record ProjectFacts
{
    /// <summary>Whether an operator has stopped it.</summary>
    public bool IsStopped { get; init; }

    /// <summary>Whether workers run what is live, healthy or not.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Whether they can take calls, now or once the first one wakes them.</summary>
    public bool IsHealthy { get; init; }

    /// <summary>Whether they sleep.</summary>
    public bool IsAsleep { get; init; }

    /// <summary>Whether there is anything live that could be run, running or not.</summary>
    public bool HasLive { get; init; }

    /// <summary>The environment of the workers that run; null for none.</summary>
    public ProjectVariables? LiveVariables { get; init; }

    /// <summary>The fingerprint of what its folder holds, or what is wrong with that; null where nobody has asked.</summary>
    public string? Folder { get; init; }

    /// <summary>The fingerprint of what was last deployed from its folder, live still or not; null for nothing.</summary>
    public string? DeployedFolder { get; init; }

    /// <summary>What <see cref="Folder"/> was when it was last tried, whatever came of it; null where it was not.</summary>
    public string? TriedFolder { get; init; }

    /// <summary>What its folder gives as variables; null where that is wrong, or nobody has asked.</summary>
    public ProjectVariables? Variables { get; init; }

    /// <summary>The variables that were last tried, whatever came of them; null where they could not be read.</summary>
    public ProjectVariables? TriedVariables { get; init; }

    /// <summary>Whether what was last deployed from the folder is what it holds, and something is live.</summary>
    public bool IsFolderDeployed => HasLive && Folder == DeployedFolder;

    /// <summary>Whether the folder has variables that were not tried yet.</summary>
    public bool HasOtherVariables => Variables is not null && !Variables.IsSameAs(TriedVariables);
}
