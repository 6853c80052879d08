namespace CloudFunction.Runtime.Projects;

/// <summary>What is wanted of a project.</summary>
internal enum ProjectGoal
{
    /// <summary>It runs and is healthy: with what its folder holds where that has changed since it was last deployed, else, and where the folder
    /// does not do, with what is live.</summary>
    Started,

    /// <summary>It runs on new workers, likewise.</summary>
    Restarted,

    /// <summary>What is live runs on new workers, where it runs: what their environment is made of has changed.</summary>
    Reloaded,

    /// <summary>What has changed in its folder is live. What was tried once is not tried again until it changes; a stopped project stays
    /// so.</summary>
    Synced,

    /// <summary>The content of a folder is live.</summary>
    Deployed,

    /// <summary>Certain versions are live.</summary>
    Divided,

    /// <summary>What is live has other variables, where it runs.</summary>
    Configured,
}
